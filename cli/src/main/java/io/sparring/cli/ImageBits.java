package io.sparring.cli;

import java.util.BitSet;
import java.util.HexFormat;

/** A bit for each image, in hexadecimal digits: image i is bit i mod 8, the lowest first, of byte i / 8. */
final class ImageBits {

    private ImageBits() {
    }

    static String write(boolean[] images) {
        byte[] bytes = new byte[(images.length + 7) / 8];
        for (int i = 0; i < images.length; i++) {
            if (images[i]) {
                bytes[i / 8] |= (byte) (1 << i % 8);
            }
        }
        return HexFormat.of().formatHex(bytes);
    }

    /** @throws IllegalArgumentException unless the digits are of so many images */
    static boolean[] read(String digits, int images) {
        byte[] bytes = HexFormat.of().parseHex(digits);
        BitSet set = BitSet.valueOf(bytes);
        if (bytes.length != (images + 7) / 8 || set.length() > images) {
            throw new IllegalArgumentException("correct: " + digits.length() + " digits; allowed: those of " + images
                    + " images");
        }
        boolean[] bits = new boolean[images];
        set.stream().forEach(i -> bits[i] = true);
        return bits;
    }
}
