/** The mutants of a source file: one small change each, such as a `<` that becomes `<=`. */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import type * as TypeScript from "@tslab/typescript-for-tslab";

export interface Mutant {
  /** Relative to the repository. */
  readonly file: string;
  readonly line: number;
  /** Offsets of the text that is replaced. */
  readonly start: number;
  readonly end: number;
  readonly text: string;
  /** Such as `a < b  =>  a <= b`. */
  readonly change: string;
}

const SWAPS: Readonly<Record<string, string>> = {
  "===": "!==",
  "!==": "===",
  "<": "<=",
  "<=": "<",
  ">": ">=",
  ">=": ">",
  "&&": "||",
  "||": "&&",
  "+": "-",
  "-": "+",
  "*": "/",
  "/": "*",
  "%": "*",
  "+=": "-=",
  "-=": "+=",
};
/** Methods whose call can be left out: the value before it has the same type. */
const DROPPED = new Set(["slice", "trim", "trimEnd", "sort", "reverse", "filter", "toLowerCase"]);

/** All mutants of `file`, in the order of its text. */
export function mutantsOf(root: string, file: string): Mutant[] {
  const text = readFileSync(path.join(root, file), "utf8");
  const fromTslab = createRequire(
    createRequire(path.join(root, "package.json")).resolve("tslab/package.json"),
  );
  const ts: typeof TypeScript = fromTslab("@tslab/typescript-for-tslab");
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const mutants: Mutant[] = [];
  const add = (node: TypeScript.Node, replacement: string, shown = node): void => {
    const [start, end] = [node.getStart(source), node.getEnd()];
    const [from, to] = [shown.getStart(source), shown.getEnd()];
    const before = text.slice(from, to);
    const after = text.slice(from, start) + replacement + text.slice(end, to);
    const line = source.getLineAndCharacterOfPosition(start).line + 1;
    const change = `${short(before)}  =>  ${short(after) || "(nothing)"}`;
    mutants.push({ file, line, start, end, text: replacement, change });
  };
  const visit = (node: TypeScript.Node): void => {
    if (ts.isImportDeclaration(node) || ts.isExportDeclaration(node) || ts.isTypeNode(node)) return;
    if (ts.isInterfaceDeclaration(node) || ts.isTypeAliasDeclaration(node)) return;
    if (ts.isBinaryExpression(node)) {
      const operator = node.operatorToken.getText(source);
      const swapped = SWAPS[operator];
      const joins = operator.startsWith("+") && /["'`]/.test(node.getText(source));
      if (swapped !== undefined && !joins) add(node.operatorToken, swapped, node);
      if (operator === "??") add(node, node.left.getText(source));
    } else if (
      ts.isPrefixUnaryExpression(node) &&
      node.operator === ts.SyntaxKind.ExclamationToken
    ) {
      add(node, node.operand.getText(source));
    } else if (ts.isIfStatement(node)) {
      add(node.expression, "true", node.expression);
      add(node.expression, "false", node.expression);
    } else if (ts.isConditionalExpression(node)) {
      add(node.condition, `!(${node.condition.getText(source)})`, node);
    } else if (node.kind === ts.SyntaxKind.TrueKeyword) add(node, "false", node.parent);
    else if (node.kind === ts.SyntaxKind.FalseKeyword) add(node, "true", node.parent);
    else if (ts.isNumericLiteral(node)) add(node, `(${node.getText(source)} + 1)`, node.parent);
    else if (ts.isStringLiteral(node) && node.text !== "" && ts.isExpression(node)) {
      const { parent } = node;
      const isKey = ts.isPropertyAssignment(parent) && parent.name === node;
      if (!isKey && !ts.isLiteralTypeNode(parent)) add(node, '""', parent);
    } else if (ts.isExpressionStatement(node)) add(node, ";");
    else if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)) {
      const { name, expression } = node.expression;
      if (DROPPED.has(name.text)) add(node, expression.getText(source));
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return mutants;
}

function short(code: string): string {
  const line = code.replace(/\s+/g, " ");
  return line.length > 90 ? `${line.slice(0, 89)}…` : line;
}
