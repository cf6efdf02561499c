import { Socket } from "node:net";

const readBytes = 1 << 18;

/**
 * What comes through a pipe, a socket or a terminal, read into one buffer that is used again: a stream of Node's takes a
 * new one for each piece, and leaves tens of megabytes to the collector.
 */
export async function* readPipe(fd: number): AsyncGenerator<Uint8Array> {
  const buffer = Buffer.allocUnsafe(readBytes);
  let arrived = 0;
  let ended = false;
  let failure: Error | null = null;
  let wake: () => void = () => undefined;
  const socket = new Socket({
    fd,
    readable: true,
    writable: false,
    onread: {
      buffer,
      callback: (count) => {
        arrived = count;
        wake();
        // Held until the buffer has been consumed.
        return false;
      },
    },
  });
  socket.on("end", () => {
    ended = true;
    wake();
  });
  socket.on("error", (error) => {
    failure = error;
    wake();
  });
  try {
    for (;;) {
      if (arrived === 0 && !ended && !failure) await new Promise<void>((resolve) => (wake = resolve));
      if (arrived > 0) {
        const count = arrived;
        yield buffer.subarray(0, count);
        arrived = 0;
        socket.resume();
      } else if (failure) throw failure;
      else if (ended) return;
    }
  } finally {
    socket.destroy();
  }
}
