/** How a program says that it failed: one line for what a person can mend, a stack for a bug. */
import { SocketError } from "../sockets/errors";

/** The program cannot go on, and its user can mend it: one line on standard error, exit 1 or as told. */
export class ProgramError extends Error {
  override readonly name: string = "ProgramError";

  constructor(
    message: string,
    /** For scripts; what each stands for belongs into `--help`. */
    readonly exitCode: number = 1,
  ) {
    super(message);
  }
}

/** The command line is wrong: one line and a hint to `--help`, exit 2. */
export class UsageError extends ProgramError {
  override readonly name: string = "UsageError";
}

/** What the program was told, as far as advice depends on it. */
export interface Situation {
  readonly kind: "server" | "client";
  /** It takes `--port`. */
  readonly hasPort: boolean;
}

/** One line for a person, or undefined for what only a bug can cause. */
export function failureLine(error: unknown, situation: Situation): string | undefined {
  if (error instanceof SocketError) return `${error.message}. ${advice(error, situation)}`;
  if (error instanceof ProgramError) return error.message.replace(/\s*\n\s*/g, " ");
  if (isSystemError(error)) return error.message;
  return undefined;
}

/** True for what an aborted signal makes of the calls that waited for it. */
export function isConsequenceOfStop(error: unknown): boolean {
  return error instanceof SocketError || (error instanceof Error && error.name === "AbortError");
}

function advice(error: SocketError, { kind, hasPort }: Situation): string {
  const port = error.endpoint?.port;
  if (error.code === "ADDRESS_IN_USE" && hasPort && port !== undefined) {
    return `Find the program that holds it with \`${ownerCommand(port)}\`, or choose another port with --port (--port 0 lets the system choose).`;
  }
  if (error.code === "PERMISSION_DENIED" && hasPort && port !== undefined && port < 1024) {
    return "Ports below 1024 need privileges on most systems: choose one from 1024 to 65535 with --port.";
  }
  if (error.code === "UNKNOWN_HOST" && error.systemCode !== "EAI_AGAIN") {
    return "Check the spelling of --host, and that this machine can reach a name server.";
  }
  if (error.code === "REFUSED" && kind === "client") {
    const where = hasPort ? "--host and --port" : "--host";
    return `Nothing listens there: check ${where}, and that the server is running.`;
  }
  return error.advice;
}

function ownerCommand(port: number): string {
  return process.platform === "linux" ? `ss -ltunp | grep :${port}` : `lsof -nP -i :${port}`;
}

/** An error of the operating system (ENOENT and its like) says what is wrong with the world. */
function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && "errno" in error && "syscall" in error;
}
