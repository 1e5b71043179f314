export function livePreparation(how: {
  organise: (mutation: string, input: object) => Promise<any>
  now: () => string
}): Record<'namesRoles' | 'trains' | 'ownsServices', () => Promise<void>>
