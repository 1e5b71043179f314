import { randomUUID } from 'node:crypto'
import { features, gossip, shared, streamsService } from './protocol.js'

const VERSION = '22.10.5'
const { MemberInfo } = gossip

/** What the server can do: the client asks before its first append. */
export function supportedMethods() {
  const methods = Object.values(streamsService.StreamsService).map(method => {
    const [, service, name] = method.path.split('/')
    const supported = new features.SupportedMethod()
    return supported.setServiceName(service!.toLowerCase()).setMethodName(name!.toLowerCase())
  })
  return new features.SupportedMethods().setEventStoreServerVersion(VERSION).setMethodsList(methods)
}

/** A node as gossip tells of it. */
export interface Member {
  port: number
  alive: boolean
  leads: boolean
}

export function clusterInfo(members: readonly Member[]) {
  return new gossip.ClusterInfo().setMembersList(members.map(memberInfo))
}

function memberInfo({ port, alive, leads }: Member) {
  const { LEADER, FOLLOWER } = MemberInfo.VNodeState
  return new MemberInfo()
    .setInstanceId(new shared.UUID().setString(randomUUID()))
    .setTimeStamp(String(Date.now() * 10_000))
    .setState(leads ? LEADER : FOLLOWER)
    .setIsAlive(alive)
    .setHttpEndPoint(new gossip.EndPoint().setAddress('127.0.0.1').setPort(port))
}
