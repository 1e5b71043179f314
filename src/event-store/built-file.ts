/** A thread runs only JavaScript: under Jest, which runs the sources, it is the built one. */
export function builtFile(path: string): URL {
  const root = import.meta.url.endsWith('.ts') ? '../../dist/' : '../'
  return new URL(root + path, import.meta.url)
}
