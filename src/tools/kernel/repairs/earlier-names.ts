// Stock tslab: `{ port }` with a `port` of an earlier cell throws "port is not defined", and
// `const { b: { c } } = earlier` is a syntax error. It turns every mention of an earlier name into
// `exports.name`, but misses the first, whose symbol is that of the new property, and hits `b` in the
// second, whose symbol is that of the earlier property.
// Here: both are written out before tslab looks at them.

import type { Builder, Ts, TypeScript } from "../tslab";

/** Has every build that tslab is given write out the names that it would mistake. */
export function repairEarlierNames(ts: Ts, host: TypeScript.WatchCompilerHost<Builder>): void {
  const { afterProgramCreate } = host;
  host.afterProgramCreate = (builder) => {
    if ("emit" in builder) {
      const emit = builder.emit.bind(builder);
      builder.emit = (file, write, token, only, transformers) =>
        emit(file, write, token, only, {
          ...transformers,
          before: [writeOut(ts, builder.getProgram().getTypeChecker())],
        });
    }
    afterProgramCreate?.call(host, builder);
  };
}

function writeOut(
  ts: Ts,
  checker: TypeScript.TypeChecker,
): TypeScript.TransformerFactory<TypeScript.SourceFile> {
  const { factory } = ts;
  const isEarlier = (symbol: TypeScript.Symbol | undefined) =>
    symbol?.declarations?.some((at) => at.getSourceFile().fileName.endsWith("/__prev__.d.ts"));

  return (context) => {
    const visit = (node: TypeScript.Node): TypeScript.Node => {
      if (ts.isShorthandPropertyAssignment(node)) {
        const { name, objectAssignmentInitializer: initial } = node;
        if (isEarlier(checker.getShorthandAssignmentValueSymbol(node))) {
          const value = factory.createPropertyAccessExpression(
            factory.createIdentifier("exports"),
            name.text,
          );
          ts.setSourceMapRange(value, name);
          const target = initial
            ? factory.createAssignment(value, ts.visitNode(initial, visit, ts.isExpression))
            : value;
          return factory.createPropertyAssignment(factory.createIdentifier(name.text), target);
        }
      }
      if (ts.isBindingElement(node) && node.propertyName && ts.isIdentifier(node.propertyName)) {
        const property = factory.createStringLiteral(node.propertyName.text);
        const { dotDotDotToken, name, initializer } = node;
        return ts.visitEachChild(
          factory.updateBindingElement(node, dotDotDotToken, property, name, initializer),
          visit,
          context,
        );
      }
      return ts.visitEachChild(node, visit, context);
    };
    return (file) => ts.visitEachChild(file, visit, context);
  };
}
