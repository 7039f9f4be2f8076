// Stock tslab: a loop that never yields cannot be interrupted once its cell has awaited anything.
// Here: every loop and function of a cell or a local module looks at a flag, and throws when it is
// raised. That is a plain exception: unlike an end by force from outside, it leaves Node's own
// bookkeeping whole.

import type { Ts, TypeScript } from "../tslab";

/** Names that the emitted code finds in scope: a word of shared memory, and a function that throws. */
export const GUARD_PARAMETERS = "__kernelFlags, __kernelInterrupted";
/** The word that is looked at. */
export const GUARD_WORD = 0;

/** What the guards look at and call. */
export interface Guard {
  flags: Int32Array;
  interrupted(): never;
}

/** Puts `if (__kernelFlags[0]) __kernelInterrupted();` first in the body of each loop and function. */
export function guards(ts: Ts): TypeScript.TransformerFactory<TypeScript.SourceFile> {
  const { factory } = ts;
  const guard = (at: TypeScript.Node) => {
    const call = factory.createCallExpression(
      factory.createIdentifier("__kernelInterrupted"),
      undefined,
      [],
    );
    ts.setSourceMapRange(call, at); // so that the traceback names the place
    return factory.createIfStatement(
      // Not Atomics.load: it costs ten times as much, and a late look does no harm.
      factory.createElementAccessExpression(factory.createIdentifier("__kernelFlags"), GUARD_WORD),
      factory.createExpressionStatement(call),
    );
  };
  const guarded = (body: TypeScript.Statement, at: TypeScript.Node): TypeScript.Block => {
    if (!ts.isBlock(body)) return factory.createBlock([guard(at), body]);
    const directives = body.statements.findIndex((statement) => !isDirective(ts, statement));
    const first = directives < 0 ? body.statements.length : directives;
    return factory.updateBlock(body, [
      ...body.statements.slice(0, first),
      guard(at),
      ...body.statements.slice(first),
    ]);
  };

  return (context) => {
    const visit = (node: TypeScript.Node): TypeScript.Node =>
      add(ts.visitEachChild(node, visit, context));
    /** The node with a guard, when it is a loop or has a function's body. */
    const add = (node: TypeScript.Node): TypeScript.Node => {
      if (ts.isForStatement(node)) {
        const { initializer, condition, incrementor, statement } = node;
        const body = guarded(statement, node);
        return factory.updateForStatement(node, initializer, condition, incrementor, body);
      }
      if (ts.isWhileStatement(node)) {
        return factory.updateWhileStatement(node, node.expression, guarded(node.statement, node));
      }
      if (ts.isDoStatement(node)) {
        return factory.updateDoStatement(node, guarded(node.statement, node), node.expression);
      }
      if (ts.isForOfStatement(node)) {
        const { awaitModifier, initializer, expression, statement } = node;
        const body = guarded(statement, node);
        return factory.updateForOfStatement(node, awaitModifier, initializer, expression, body);
      }
      if (ts.isFunctionDeclaration(node) && node.body) {
        const { modifiers, asteriskToken, name, parameters, body } = node;
        return factory.updateFunctionDeclaration(
          node,
          modifiers,
          asteriskToken,
          name,
          undefined,
          parameters,
          undefined,
          guarded(body, node),
        );
      }
      if (ts.isFunctionExpression(node)) {
        const { modifiers, asteriskToken, name, parameters, body } = node;
        return factory.updateFunctionExpression(
          node,
          modifiers,
          asteriskToken,
          name,
          undefined,
          parameters,
          undefined,
          guarded(body, node),
        );
      }
      if (ts.isArrowFunction(node)) {
        const { modifiers, parameters, equalsGreaterThanToken, body } = node;
        const block = ts.isBlock(body)
          ? guarded(body, node)
          : // In parentheses: a comment before the body may end the line, and with it the statement.
            factory.createBlock([
              guard(node),
              factory.createReturnStatement(factory.createParenthesizedExpression(body)),
            ]);
        return factory.updateArrowFunction(
          node,
          modifiers,
          undefined,
          parameters,
          undefined,
          equalsGreaterThanToken,
          block,
        );
      }
      if (ts.isMethodDeclaration(node) && node.body) {
        const { modifiers, asteriskToken, name, questionToken, parameters, body } = node;
        return factory.updateMethodDeclaration(
          node,
          modifiers,
          asteriskToken,
          name,
          questionToken,
          undefined,
          parameters,
          undefined,
          guarded(body, node),
        );
      }
      return node;
    };
    return (file) => ts.visitNode(file, visit) as TypeScript.SourceFile;
  };
}

function isDirective(ts: Ts, statement: TypeScript.Statement): boolean {
  return ts.isExpressionStatement(statement) && ts.isStringLiteral(statement.expression);
}
