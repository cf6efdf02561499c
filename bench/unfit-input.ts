/** What whoever runs a benchmark has to mend; it is printed as one line. */
export class UnfitInputError extends Error {}
