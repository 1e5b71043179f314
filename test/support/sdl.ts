import { readFileSync, readdirSync } from 'node:fs'
import { type GraphQLEnumType, type GraphQLSchema, buildSchema } from 'graphql'

const folder = new URL('../../schema/', import.meta.url)

/** The schema as its files say it. */
export const sdl: GraphQLSchema = buildSchema(
  readdirSync(folder)
    .filter(file => file.endsWith('.graphql'))
    .map(file => readFileSync(new URL(file, folder), 'utf8'))
    .join('\n'),
)

export const mutationNames = Object.keys(sdl.getMutationType()!.getFields())
export const refusalCodes = (sdl.getType('RejectionCode') as GraphQLEnumType)
  .getValues()
  .map(({ name }) => name)
