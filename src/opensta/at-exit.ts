/** What has to be undone if the process ends without anybody having closed it; one listener serves all. */
const cleanups = new Set<() => void>();

/**
 * Does something as this process exits, unless the answer is called before. What cannot wait cannot be done then.
 * @example const forget = atExit(() => rmSync(folder, { recursive: true })); … forget();
 */
export function atExit(cleanup: () => void): () => void {
  if (cleanups.size === 0) process.on("exit", cleanAll);
  cleanups.add(cleanup);
  return () => {
    cleanups.delete(cleanup);
    if (cleanups.size === 0) process.removeListener("exit", cleanAll);
  };
}

function cleanAll(): void {
  for (const cleanup of cleanups) cleanup();
}
