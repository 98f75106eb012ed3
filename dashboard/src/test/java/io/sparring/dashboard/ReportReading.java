package io.sparring.dashboard;

import java.io.IOException;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.xpath.XPathConstants;
import javax.xml.xpath.XPathExpressionException;
import javax.xml.xpath.XPathFactory;
import org.w3c.dom.Document;
import org.w3c.dom.Node;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;

/** A report's page, which is XML too, to be asked for what is in it. */
record ReportReading(Document page) {

    static ReportReading of(String html) {
        try {
            return new ReportReading(DocumentBuilderFactory.newInstance().newDocumentBuilder()
                    .parse(new InputSource(new StringReader(html.strip()))));
        } catch (ParserConfigurationException | SAXException | IOException e) {
            throw new AssertionError("not well-formed: " + e.getMessage(), e);
        }
    }

    /** What is found, each as text without blanks around it. */
    List<String> texts(String path) {
        return nodes(path).stream().map(node -> node.getTextContent().replaceAll("\\s+", " ").strip()).toList();
    }

    String text(String path) {
        List<String> texts = texts(path);
        return texts.isEmpty() ? null : texts.get(0);
    }

    /** The cells of the first such table's body, row by row. */
    List<List<String>> rows(String tables) {
        String table = "(" + tables + ")[1]";
        List<List<String>> rows = new ArrayList<>();
        for (int i = 1; i <= nodes(table + "/tbody/tr").size(); i++) {
            rows.add(texts(table + "/tbody/tr[" + i + "]/*"));
        }
        return rows;
    }

    List<Node> nodes(String path) {
        try {
            NodeList found = (NodeList) XPathFactory.newInstance().newXPath().evaluate(path, page, XPathConstants.NODESET);
            List<Node> nodes = new ArrayList<>();
            for (int i = 0; i < found.getLength(); i++) {
                nodes.add(found.item(i));
            }
            return nodes;
        } catch (XPathExpressionException e) {
            throw new IllegalArgumentException(path, e);
        }
    }
}
