import type { SyntaxNode } from '@lezer/common';
import { parser } from '@prometheus-io/lezer-promql';
import { samplesOf } from '../watch/exposed.ts';

/** What an expression asks of the exporter: a metric, or a label of it, perhaps with values that it may have. */
export interface PromQlUse {
  readonly metric: string;
  readonly label?: string;
  readonly matches?: (value: string) => boolean;
}

/**
 * The metrics of an expression, with the labels that it selects or groups them by; `$variables` of Grafana stand for
 * anything. Throws for what is no PromQL.
 */
export function namesAndLabels(expression: string): readonly PromQlUse[] {
  const text = expression.replaceAll(/\[\$\w+\]/g, '[5m]').replaceAll(/\$\w+/g, '.*');
  const uses: PromQlUse[] = [];
  const grouped: string[] = [];
  const textOf = ({ from, to }: SyntaxNode) => text.slice(from, to);
  parser.parse(text).iterate({
    enter: ({ node, type }) => {
      if (type.isError) throw new SyntaxError(`at ${node.from}: ${expression}`);
      if (type.name === 'VectorSelector') {
        const metric = textOf(node.getChild('Identifier') ?? node);
        uses.push({ metric }, ...matchersOf(node, textOf).map((one) => ({ metric, ...one })));
      }
      if (type.name === 'GroupingLabels') grouped.push(...node.getChildren('LabelName').map(textOf));
    },
  });
  const metrics = [...new Set(uses.map(({ metric }) => metric))];
  // Prometheus itself adds these to what it scrapes.
  const labels = grouped.filter((label) => label !== 'instance' && label !== 'job');
  return [...uses, ...metrics.flatMap((metric) => labels.map((label) => ({ metric, label })))];
}

function matchersOf(node: SyntaxNode, textOf: (node: SyntaxNode) => string) {
  const matchers = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? [];
  return matchers.map((matcher) => {
    const [label, operator, value] = ['LabelName', 'MatchOp', 'StringLiteral'].map((name) => {
      const child = matcher.getChild(name);
      return child === null ? '' : textOf(child);
    });
    const wanted = (value ?? '').slice(1, -1);
    const isPattern = operator === '=~' || operator === '!~';
    const pattern = new RegExp(`^(?:${wanted})$`);
    return {
      label: label ?? '',
      matches: (one: string) => (isPattern ? pattern.test(one) : one === wanted),
    };
  });
}

/** What of it a scrape does not have: no series of that name, with that label, or with any value that is selected. */
export function unknownIn(uses: readonly PromQlUse[], scrape: string): readonly PromQlUse[] {
  const exposed = [...samplesOf(scrape).keys()];
  return uses.filter(({ metric, label, matches = () => true }) => {
    const series = exposed.filter((one) => one === metric || one.startsWith(`${metric}{`));
    if (label === undefined) return series.length === 0;
    const value = new RegExp(`[{,]${label}="([^"]*)"`);
    return !series.flatMap((one) => value.exec(one)?.[1] ?? []).some(matches);
  });
}
