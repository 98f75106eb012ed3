package io.sparring.learning.autoattack;

/**
 * What a check for gradient masking has found.
 *
 * @param check      its name, such as {@code random-noise}
 * @param suspicious whether the robust accuracy may be too good because of it
 * @param seen       what was seen, with figures
 * @param meaning    what that says, or would say, of the robust accuracy
 */
public record MaskingFinding(String check, boolean suspicious, String seen, String meaning) {
}
