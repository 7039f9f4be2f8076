// What a kernel answers to a cell, from messages.

import type { Content, Message } from "./protocol";

/** A cell's output as nbformat 4.5 stores it, and updates of displays shown before. */
export type Output =
  | { output_type: "stream"; name: "stdout" | "stderr"; text: string }
  | {
      output_type: "display_data" | "update_display_data";
      data: Record<string, unknown>;
      metadata: Record<string, unknown>;
      transient?: { display_id?: string };
    }
  | {
      output_type: "execute_result";
      data: Record<string, unknown>;
      metadata: Record<string, unknown>;
      execution_count: number;
    }
  | { output_type: "error"; ename: string; evalue: string; traceback: string[] };

export interface ExecuteResult {
  status: "ok" | "error" | "aborted";
  executionCount: number | null;
  error?: { ename: string; evalue: string; traceback: string[] };
  userExpressions?: Record<string, unknown>;
}

/** The output that a message on iopub carries; undefined when it carries none. */
export function toOutput({ header, content }: Message): Output | undefined {
  switch (header.msg_type) {
    case "stream":
    case "display_data":
    case "update_display_data":
    case "execute_result":
    case "error":
      return { output_type: header.msg_type, ...content } as Output;
    default:
      return undefined;
  }
}

/** The result that the content of an execute_reply gives. */
export function toResult(content: Content): ExecuteResult {
  const status =
    content.status === "abort" ? "aborted" : (content.status as ExecuteResult["status"]);
  const result: ExecuteResult = {
    status,
    executionCount: typeof content.execution_count === "number" ? content.execution_count : null,
  };
  if (status === "error") {
    const { ename = "", evalue = "", traceback = [] } = content;
    result.error = { ename, evalue, traceback } as NonNullable<ExecuteResult["error"]>;
  }
  if (content.user_expressions) {
    result.userExpressions = content.user_expressions as Record<string, unknown>;
  }
  return result;
}
