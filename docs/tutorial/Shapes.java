import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.Polygon;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import javax.imageio.ImageIO;

/** Draws a small data set into the folder given: train and test, in each a folder of pictures for every class. */
class Shapes {

    private static final int SIDE = 32;
    private static final String[] CLASSES = {"circle", "square", "triangle"};

    public static void main(String[] arguments) throws IOException {
        Random random = new Random(1);
        for (String kind : CLASSES) {
            draw(Path.of(arguments[0], "train", kind), kind, 600, random);
            draw(Path.of(arguments[0], "test", kind), kind, 100, random);
        }
    }

    private static void draw(Path folder, String kind, int count, Random random) throws IOException {
        Files.createDirectories(folder);
        for (int i = 0; i < count; i++) {
            ImageIO.write(picture(kind, random), "png", folder.resolve(i + ".png").toFile());
        }
    }

    private static BufferedImage picture(String kind, Random random) {
        BufferedImage picture = new BufferedImage(SIDE, SIDE, BufferedImage.TYPE_INT_RGB);
        Graphics2D pen = picture.createGraphics();
        pen.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
        pen.setColor(new Color(random.nextInt(100), random.nextInt(100), random.nextInt(100)));
        pen.fillRect(0, 0, SIDE, SIDE);
        pen.setColor(new Color(155 + random.nextInt(100), 155 + random.nextInt(100), 155 + random.nextInt(100)));
        pen.setStroke(new BasicStroke(3));
        int size = 14 + random.nextInt(10);
        int x = 3 + random.nextInt(SIDE - size - 6);
        int y = 3 + random.nextInt(SIDE - size - 6);
        switch (kind) {
            case "circle" -> pen.drawOval(x, y, size, size);
            case "square" -> pen.drawRect(x, y, size, size);
            default -> pen.drawPolygon(new Polygon(new int[] {x, x + size / 2, x + size}, new int[] {y + size, y, y + size}, 3));
        }
        pen.dispose();
        return picture;
    }
}
