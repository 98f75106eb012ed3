package io.sparring.dashboard;

import io.pebbletemplates.pebble.PebbleEngine;
import io.pebbletemplates.pebble.loader.ClasspathLoader;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The template of a report. What it is given is escaped where it is written; only the style sheets, which are ours, are not. */
final class ReportPage {

    private static final String FOLDER = "io/sparring/dashboard/";

    private ReportPage() {
    }

    /** @param parts what the template names, all of it */
    static String html(Map<String, Object> parts) {
        Map<String, Object> all = new HashMap<>(parts);
        all.put("style", resource("page/page.css") + resource("report/report.css"));
        return filled("report.html", all);
    }

    /** A template of the folder of reports, with its parts filled in. */
    static String filled(String template, Map<String, Object> parts) {
        ClasspathLoader loader = new ClasspathLoader(ReportPage.class.getClassLoader());
        loader.setPrefix(FOLDER + "report");
        PebbleEngine engine = new PebbleEngine.Builder().loader(loader).strictVariables(true).defaultLocale(Locale.ROOT).build();
        StringWriter page = new StringWriter();
        try {
            engine.getTemplate(template).evaluate(page, parts);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return page.toString();
    }

    private static String resource(String name) {
        try (InputStream stream = ReportPage.class.getClassLoader().getResourceAsStream(FOLDER + name)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
