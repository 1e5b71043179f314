export const channelKinds = ['SLACK', 'TEAMS', 'ZOOM', 'MEET', 'PHONE', 'OTHER'] as const
export type ChannelKind = (typeof channelKinds)[number]

/** As a sentence calls where people talk. */
export const channelWords: Record<ChannelKind, string> = {
  SLACK: 'Slack',
  TEAMS: 'Teams',
  ZOOM: 'Zoom',
  MEET: 'Meet',
  PHONE: 'phone',
  OTHER: 'another channel',
}
