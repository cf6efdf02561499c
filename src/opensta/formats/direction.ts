/** The directions that a pin can have, as a part of an expression. */
export const direction = "(?:hierarchical )?(?:input|output|tristate|bidirect|internal|ground|power|unknown)";
