// Stock tslab: a loop that never yields cannot be interrupted once its cell has awaited anything.
// Here: every loop of a cell or a local module looks at a flag, and throws when it is raised. That is a
// plain exception: unlike an end by force from outside, it leaves Node's own bookkeeping whole.

import type { Ts, TypeScript } from "../tslab";

/** Names that the emitted code finds in scope: a word of shared memory, and a function that throws. */
export const GUARD_PARAMETERS = "__kernelFlags, __kernelInterrupted";
/** The word that is looked at. */
export const GUARD_WORD = 0;

/** Puts `if (__kernelFlags[0]) __kernelInterrupted();` first in the body of each loop. */
export function loopGuards(ts: Ts): TypeScript.TransformerFactory<TypeScript.SourceFile> {
  const { factory } = ts;
  const guard = (loop: TypeScript.Node) => {
    const call = factory.createCallExpression(
      factory.createIdentifier("__kernelInterrupted"),
      undefined,
      [],
    );
    ts.setSourceMapRange(call, loop); // so that the interrupted loop is named in the traceback
    return factory.createIfStatement(
      // Not Atomics.load: it costs ten times as much, and a late look does no harm.
      factory.createElementAccessExpression(factory.createIdentifier("__kernelFlags"), GUARD_WORD),
      factory.createExpressionStatement(call),
    );
  };
  const guarded = (loop: TypeScript.IterationStatement): TypeScript.Block =>
    ts.isBlock(loop.statement)
      ? factory.updateBlock(loop.statement, [guard(loop), ...loop.statement.statements])
      : factory.createBlock([guard(loop), loop.statement]);

  return (context) => {
    const visit = (node: TypeScript.Node): TypeScript.Node => {
      const inner = ts.visitEachChild(node, visit, context);
      if (ts.isForStatement(inner)) {
        const { initializer, condition, incrementor } = inner;
        return factory.updateForStatement(
          inner,
          initializer,
          condition,
          incrementor,
          guarded(inner),
        );
      }
      if (ts.isWhileStatement(inner)) {
        return factory.updateWhileStatement(inner, inner.expression, guarded(inner));
      }
      if (ts.isDoStatement(inner)) {
        return factory.updateDoStatement(inner, guarded(inner), inner.expression);
      }
      if (ts.isForOfStatement(inner)) {
        const { awaitModifier, initializer, expression } = inner;
        return factory.updateForOfStatement(
          inner,
          awaitModifier,
          initializer,
          expression,
          guarded(inner),
        );
      }
      return inner;
    };
    return (file) => ts.visitNode(file, visit) as TypeScript.SourceFile;
  };
}
