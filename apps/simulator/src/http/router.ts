export interface Route<Handler> {
  readonly method: string;
  /** A literal path, where a segment `:name` takes any one segment. */
  readonly path: string;
  readonly handle: Handler;
}

export interface FoundRoute<Handler> {
  readonly route: Route<Handler>;
  readonly parameters: readonly string[];
}

/** Finds a route by method and path: literal paths by one map look-up, patterns one by one. */
export class Router<Handler> {
  readonly #literal = new Map<string, FoundRoute<Handler>>();
  readonly #patterns: { route: Route<Handler>; expression: RegExp }[] = [];

  constructor(routes: readonly Route<Handler>[]) {
    for (const route of routes) {
      if (route.path.includes('/:')) this.#patterns.push({ route, expression: toExpression(route.path) });
      else this.#literal.set(`${route.method} ${route.path}`, { route, parameters: [] });
    }
  }

  find(method: string, path: string): FoundRoute<Handler> | undefined {
    return this.#literal.get(`${method} ${path}`) ?? this.#findPattern(method, path);
  }

  #findPattern(method: string, path: string): FoundRoute<Handler> | undefined {
    for (const { route, expression } of this.#patterns) {
      if (route.method !== method) continue;
      const match = expression.exec(path);
      // Decoding comes after matching: a model id may hold an encoded slash.
      if (match !== null) return { route, parameters: match.slice(1).map(decodeSegment) };
    }
    return undefined;
  }
}

function toExpression(path: string): RegExp {
  const segments = path.split('/').map((segment) => (segment.startsWith(':') ? '([^/]+)' : segment));
  return new RegExp(`^${segments.join('/')}$`);
}

function decodeSegment(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}
