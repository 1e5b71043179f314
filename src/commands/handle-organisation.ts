import { Command, CommandHandler, type ICommandHandler } from '@nestjs/cqrs'
import type { Made } from '../decider/facet.js'
import type {
  Organisation,
  OrganisationCommand,
  OrganisationDuty,
} from '../organisation/organisation.js'
import type { Asked } from './asked.js'
import { Directory, organisationStream } from './directory.js'
import { Streams, type Taken } from './streams.js'

export class HandleOrganisation extends Command<Taken<Organisation>> {
  constructor(
    readonly command: OrganisationCommand,
    readonly asked: Asked,
    readonly made: Made = {},
  ) {
    super()
  }
}

/** The one stream of the organisation. */
export class OrganisationStreams extends Streams<
  Organisation,
  OrganisationCommand | OrganisationDuty
> {}

@CommandHandler(HandleOrganisation)
export class HandleOrganisationHandler implements ICommandHandler<HandleOrganisation> {
  constructor(
    private readonly streams: OrganisationStreams,
    private readonly directory: Directory,
  ) {}

  async execute({ command, asked, made }: HandleOrganisation): Promise<Taken<Organisation>> {
    const taken = await this.streams.execute(organisationStream, command, asked, async () => made)
    // It is recorded: that it cannot be read back now is no reason to say otherwise.
    await this.directory.refresh().catch(() => {})
    return taken
  }
}
