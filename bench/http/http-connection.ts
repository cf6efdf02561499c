import { connect, type Socket } from "node:net";
import { once } from "node:events";

export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** One kept connection, a request at a time: a client so thin that it leaves the cores to the service. */
export class HttpConnection {
  #received = "";
  #answered: ((answer: Answer) => void) | null = null;

  private constructor(private readonly socket: Socket) {
    socket.setEncoding("latin1").setNoDelay(true);
    socket.on("data", (text: string) => this.#read(text));
  }

  static async open(url: string): Promise<HttpConnection> {
    const { hostname, port } = new URL(url);
    const socket = connect(Number(port), hostname);
    await once(socket, "connect");
    return new HttpConnection(socket);
  }

  /** @throws Error unless the status is one of success. */
  async send(method: string, path: string, body: unknown): Promise<Answer> {
    const text = JSON.stringify(body);
    const head = `${method} ${path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\ncontent-length: ${text.length}`;
    const answer = await new Promise<Answer>((resolve) => {
      this.#answered = resolve;
      this.socket.write(`${head}\r\n\r\n${text}`);
    });
    if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`);
    return answer;
  }

  close(): void {
    this.socket.destroy();
  }

  #read(text: string): void {
    this.#received += text;
    const [head = "", ...rest] = this.#received.split("\r\n\r\n");
    const length = /\r\ncontent-length: (\d+)/i.exec(head)?.[1];
    const body = rest.join("\r\n\r\n");
    if (length === undefined || body.length < Number(length)) return;
    this.#received = "";
    this.#answered?.({ status: Number(head.slice(9, 12)), body });
  }
}
