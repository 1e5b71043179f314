import { Args, Query, Resolver } from '@nestjs/graphql'
import { Clock } from '../clock.js'
import { Directory } from '../commands/directory.js'
import type { Qualification, Qualifications } from '../incident/qualification.js'
import { type RoleKey, roleKeys } from '../incident/role-keys.js'
import { type Page, pageOf } from './connection.js'
import { personAnswer } from './person.answer.js'
import { qualificationAnswer } from './qualification.answer.js'
import { roleDefinitionAnswer } from './role-definition.answer.js'

/** Which roles there are, and who is trained for them. */
@Resolver()
export class QualificationsResolver {
  constructor(
    private readonly directory: Directory,
    private readonly clock: Clock,
  ) {}

  @Query()
  roleCatalogue() {
    return roleKeys.map(role => roleDefinitionAnswer(role, this.directory.policy))
  }

  @Query()
  qualifications(
    @Args() { role, person, ...page }: Page & { role?: RoleKey | null; person?: string | null },
  ) {
    const whose = person == null ? undefined : this.directory.person(person)
    const found = all(this.directory.policy.qualifications)
      .filter(one => (role ?? one.role) === one.role && (whose ?? one.person) === one.person)
      .toSorted(byKey(one => `${this.#handleOf(one.person)} ${one.role}`))
    return pageOf(
      found,
      one => `${one.person} ${one.role}`,
      page,
      one => qualificationAnswer(one.person, one.role, this.directory)!,
    )
  }

  @Query()
  async qualifiedCommanders(@Args() { at, ...page }: Page & { at?: string | null }) {
    const held = await this.#inForce(at)
    const commanders = held
      .filter(({ role }) => role === 'INCIDENT_COMMANDER')
      .map(({ person }) => person)
      .toSorted(byKey(person => this.#handleOf(person)))
    return pageOf(
      commanders,
      id => id,
      page,
      id => personAnswer(id, this.directory),
    )
  }

  @Query()
  async benchDepth(@Args('at') at: string | null | undefined) {
    const held = await this.#inForce(at)
    return roleKeys.map(role => {
      const bench = held.filter(one => one.role === role)
      const ends = bench.flatMap(({ expiresAt }) => expiresAt ?? []).toSorted()
      return { role, qualified: bench.length, nextExpiryAt: ends[0] ?? null }
    })
  }

  /** Those that were known at that moment and count then. */
  async #inForce(at: string | null | undefined): Promise<Qualification[]> {
    const moment = at ?? this.clock.now()
    const { qualifications } = await this.directory.settledAt(moment)
    return all(qualifications).filter(
      ({ expiresAt }) => expiresAt === undefined || expiresAt > moment,
    )
  }

  #handleOf(person: string): string {
    return this.directory.people.get(person)?.handle ?? person
  }
}

const all = (qualifications: Qualifications): Qualification[] =>
  [...qualifications.values()].flatMap(roles => [...roles.values()])

const byKey =
  <One>(keyOf: (one: One) => string) =>
  (a: One, b: One) =>
    keyOf(a) < keyOf(b) ? -1 : 1
