/** A warning or an error of OpenSTA or OpenROAD; with `> file` they stand in the file, between any two lines. */
export const toolMessage = /^(?:\[?(?:WARNING|Warning)|\[?(?:ERROR|Error))\b/;
