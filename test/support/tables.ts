import type { IncidentStatus } from '../../src/incident/lifecycle.js'

/**
 * In which states what may be asked, as the README prints it. `yes`: by everybody who may write;
 * `commander`: by the commander, once there is one; `offered`: by the one command was offered to;
 * `assignee`: by the task's; `called`: by whom it called; `deputy`: by the commander, or the deputy; `so`: taken, and nothing is recorded; `–`: refused.
 */
export const stateTable = `
| command | TRIAGE | ACTIVE | MITIGATED | RESOLVED | POST_INCIDENT | CLOSED | CANCELLED | DECLINED | MERGED |
|---|---|---|---|---|---|---|---|---|---|
| activateIncident | yes | so | – | – | – | – | – | – | – |
| mitigateIncident | – | yes | so | – | – | – | – | – | – |
| resolveIncident | – | commander | commander | so | – | – | – | – | – |
| closeIncident | – | commander | commander | yes | yes | so | – | – | – |
| beginPostIncident | – | – | – | yes | so | – | – | – | – |
| reopenIncident | – | so | yes | yes | yes | yes | – | – | – |
| cancelIncident | commander | commander | commander | – | – | – | so | – | – |
| declineIncident | yes | – | – | – | – | – | – | so | – |
| mergeIncident | commander | commander | commander | yes | yes | yes | – | – | so |
| markDuplicate | commander | commander | commander | yes | yes | yes | – | – | so |
| unmergeIncident | so | so | so | so | so | so | so | so | yes |
| recordObservation | yes | yes | yes | yes | yes | yes | yes | yes | yes |
| correctEntry | yes | yes | yes | yes | yes | yes | yes | yes | yes |
| retractEntry | yes | yes | yes | yes | yes | yes | yes | yes | yes |
| addLink | yes | yes | yes | yes | yes | yes | yes | yes | yes |
| addLabels | yes | yes | yes | yes | yes | yes | yes | yes | yes |
| removeLabels | yes | yes | yes | yes | yes | yes | yes | yes | yes |
| markKey | yes | yes | yes | yes | yes | yes | yes | yes | yes |
| unmarkKey | yes | yes | yes | yes | yes | yes | yes | yes | yes |
| attachEvidence | yes | yes | yes | yes | yes | yes | yes | yes | yes |
| setCustomFields | yes | yes | yes | yes | yes | yes | yes | yes | yes |
| clearCustomField | yes | yes | yes | yes | yes | yes | yes | yes | yes |
| recordTask | yes | yes | yes | yes | yes | yes | – | – | yes |
| reportTask | yes | yes | yes | yes | yes | yes | yes | yes | yes |
| completeTask | yes | yes | yes | yes | yes | yes | – | – | yes |
| abandonTask | yes | yes | yes | yes | yes | yes | – | – | yes |
| relateIncident | yes | yes | yes | yes | yes | yes | yes | yes | yes |
| unrelateIncident | yes | yes | yes | yes | yes | yes | yes | yes | yes |
| removeParent | yes | yes | yes | yes | yes | yes | yes | yes | yes |
| setParent | yes | yes | yes | yes | yes | yes | – | – | yes |
| attachRunbook | yes | yes | yes | – | – | – | – | – | – |
| adoptPlan | yes | yes | yes | – | – | – | – | – | – |
| startPlaybook | yes | yes | yes | – | – | – | – | – | – |
| checkStep | yes | yes | yes | yes | yes | yes | – | – | yes |
| requestApproval | yes | yes | yes | yes | yes | yes | – | – | yes |
| approveStep | yes | yes | yes | yes | yes | yes | – | – | yes |
| refuseStep | yes | yes | yes | yes | yes | yes | – | – | yes |
| flagFollowUp | yes | yes | yes | yes | yes | yes | – | – | yes |
| applyLearning | yes | yes | yes | yes | yes | yes | – | – | yes |
| dropFollowUp | yes | yes | yes | yes | yes | yes | – | – | yes |
| changeTitle | yes | yes | yes | yes | yes | yes | – | – | yes |
| setServices | yes | yes | yes | yes | yes | yes | – | – | yes |
| setSeverity | yes | yes | yes | – | – | – | – | – | – |
| contestSeverity | yes | yes | yes | yes | yes | yes | – | – | yes |
| reclassify | commander | commander | commander | commander | commander | commander | – | – | commander |
| escalateNearMiss | yes | yes | yes | yes | yes | yes | – | – | yes |
| enterPhase | yes | yes | yes | yes | yes | yes | – | – | – |
| recordDetection | yes | yes | yes | yes | yes | yes | – | – | yes |
| recordContainment | yes | yes | yes | yes | yes | yes | – | – | yes |
| reportDataLoss | yes | yes | yes | yes | yes | yes | – | – | yes |
| ruleOutDataLoss | yes | yes | yes | yes | yes | yes | – | – | yes |
| engageFunction | yes | yes | yes | yes | yes | yes | – | – | yes |
| declareMajor | yes | yes | yes | – | – | – | – | – | – |
| standDownMajor | commander | commander | commander | – | – | – | – | – | – |
| relayFeedback | yes | yes | yes | yes | yes | yes | – | – | yes |
| acknowledgeFeedback | commander | commander | commander | yes | yes | yes | – | – | yes |
| deferInstruction | yes | yes | yes | – | – | – | – | – | – |
| deferRequest | yes | yes | yes | – | – | – | – | – | – |
| answerDeferredRequest | yes | yes | yes | yes | yes | yes | – | – | yes |
| recordSizeUp | yes | yes | yes | – | – | – | – | – | – |
| recordVerification | yes | yes | yes | – | – | – | – | – | – |
| proposeAction | yes | yes | yes | – | – | – | – | – | – |
| raiseObjection | yes | yes | yes | – | – | – | – | – | – |
| decide | commander | commander | commander | – | – | – | – | – | – |
| reverseDecision | commander | commander | commander | – | – | – | – | – | – |
| proposeHypothesis | yes | yes | yes | yes | yes | yes | – | – | yes |
| settleHypothesis | yes | yes | yes | yes | yes | yes | – | – | yes |
| deferQuestion | yes | yes | yes | – | – | – | – | – | – |
| recordContributingFactor | – | – | yes | yes | yes | yes | – | – | yes |
| assignRole | yes | yes | yes | – | – | – | – | – | – |
| releaseRole | yes | yes | yes | – | – | – | – | – | – |
| joinIncident | yes | yes | yes | – | – | – | – | – | – |
| changeParticipation | yes | yes | yes | – | – | – | – | – | – |
| leaveIncident | yes | yes | yes | – | – | – | – | – | – |
| openWarRoom | yes | yes | yes | – | – | – | – | – | – |
| closeWarRoom | yes | yes | yes | yes | yes | yes | – | – | yes |
| linkChannel | yes | yes | yes | yes | yes | yes | yes | yes | yes |
| unlinkChannel | yes | yes | yes | yes | yes | yes | yes | yes | yes |
| inviteServiceOwners | yes | yes | yes | – | – | – | – | – | – |
| pageResponder | yes | yes | yes | – | – | – | – | – | – |
| acknowledgePage | called | called | called | – | – | – | – | – | – |
| requestResponder | yes | yes | yes | – | – | – | – | – | – |
| respondToRequest | called | called | called | – | – | – | – | – | – |
| escalate | yes | yes | yes | – | – | – | – | – | – |
| acknowledgeEscalation | called | called | called | – | – | – | – | – | – |
| releaseResponder | yes | yes | yes | – | – | – | – | – | – |
| declareNotInvolved | yes | yes | yes | – | – | – | – | – | – |
| claimCommand | yes | yes | yes | – | – | – | – | – | – |
| takeCommand | yes | yes | yes | – | – | – | – | – | – |
| offerHandoff | commander | commander | commander | – | – | – | – | – | – |
| acceptHandoff | offered | offered | offered | – | – | – | – | – | – |
| declineHandoff | offered | offered | offered | – | – | – | – | – | – |
| withdrawHandoff | commander | commander | commander | – | – | – | – | – | – |
| promoteDeputy | deputy | deputy | deputy | – | – | – | – | – | – |
| relieveResponder | commander | commander | commander | – | – | – | – | – | – |
| removeResponder | commander | commander | commander | – | – | – | – | – | – |
| readmitResponder | commander | commander | commander | – | – | – | – | – | – |
| createSubteam | commander | commander | commander | – | – | – | – | – | – |
| addToSubteam | yes | yes | yes | – | – | – | – | – | – |
| removeFromSubteam | yes | yes | yes | – | – | – | – | – | – |
| dissolveSubteam | commander | commander | commander | – | – | – | – | – | – |
| assignTask | yes | yes | yes | – | – | – | – | – | – |
| reassignTask | yes | yes | yes | – | – | – | – | – | – |
| extendTask | yes | yes | yes | – | – | – | – | – | – |
| requestExtension | assignee | assignee | assignee | – | – | – | – | – | – |
| grantExtension | commander | commander | commander | – | – | – | – | – | – |
| refuseExtension | commander | commander | commander | – | – | – | – | – | – |
| acknowledgeTask | assignee | assignee | assignee | – | – | – | – | – | – |
| setVisibility | yes | yes | yes | yes | yes | yes | yes | yes | yes |
| grantMembership | yes | yes | yes | yes | yes | yes | yes | yes | yes |
| revokeMembership | yes | yes | yes | yes | yes | yes | yes | yes | yes |
`.trim()

/** Whose right it is once there is a commander; everything else is everybody's who may write. */
export const authorityTable = `
| what | whose |
|---|---|
| severity down | the commander’s |
| resolve | the commander’s |
| close before RESOLVED | the commander’s |
| cancel | the commander’s |
| merge before RESOLVED | the commander’s |
| offer a handoff | the commander’s |
| withdraw a handoff | the commander’s |
| release another’s role | the commander’s |
| release command | the commander’s |
| promote a deputy | the commander’s, and their own |
| relieve a responder | the commander’s |
| remove a responder | the commander’s |
| let somebody in again | the commander’s |
| form a subteam | the commander’s |
| dissolve a subteam | the commander’s |
| reclassify | the commander’s |
| stand a major incident down | the commander’s |
| acknowledge feedback before RESOLVED | the commander’s |
| decide, but for withdrawing one’s own | the commander’s |
| reverse a decision | the commander’s |
| accept a handoff | whom it was offered to |
| decline a handoff | whom it was offered to |
| acknowledge a task | its assignee’s |
| ask for more time | its assignee’s |
| grant more time | the commander’s, and theirs who gave the task |
| refuse more time | the commander’s, and theirs who gave the task |
| acknowledge a page | whom it called |
| acknowledge an escalation | whom it called |
| let another go | the commander’s |
| open a restricted incident | the commander’s |
| end another’s membership | the commander’s |
`.trim()

export type Cell = 'yes' | 'commander' | 'offered' | 'called' | 'assignee' | 'deputy' | 'so' | '–'

const cells = (line: string) =>
  line
    .split('|')
    .slice(1, -1)
    .map(cell => cell.trim())
const rows = (table: string) => table.split('\n').slice(2).map(cells)

/** Every row of the first table, cell by cell; commands as the core calls them: `AssignTask`. */
export const stateCells = rows(stateTable).flatMap(([mutation, ...cells_]) =>
  cells_.map((cell, column) => ({
    command: mutation![0]!.toUpperCase() + mutation!.slice(1),
    status: cells(stateTable.split('\n')[0]!)[column + 1] as IncidentStatus,
    cell: cell as Cell,
  })),
)

/** The rows of the second: what, and whose. */
export const rights = rows(authorityTable) as [what: string, whose: string][]
