// the language

// the fields of an event
export type { EventField, EventFieldName, FieldType } from '../model/fields.ts'
export { eventFields, findEventField } from '../model/fields.ts'
// to SQL
export type { AttributeType } from './attribute-sql.ts'
// for editors
export type { CompletionContext, CompletionField } from './completion.ts'
export { completionContext } from './completion.ts'
export type { PredicateProblem } from './describe-errors.ts'
export { describeErrors } from './describe-errors.ts'
// to a function
export type { AttributeValue, EventView, StoredFieldName } from './event-view.ts'
export type { FieldSql } from './field-to-sql.ts'
export { fieldToSql } from './field-to-sql.ts'
export { parseFieldName, parsePredicate } from './parser.ts'
export type {
  ComparisonOperator,
  FieldReference,
  Literal,
  Position,
  Predicate,
} from './predicate.ts'
export { comparisonOperators, predicateLimits } from './predicate.ts'
export { printField, printLiteral, printPredicate } from './printer.ts'
export type { SqlParameterType } from './sql-parameters.ts'
export { SqlParameters } from './sql-parameters.ts'
export type { EventTest } from './to-function.ts'
export { predicateToFunction } from './to-function.ts'
export type { PredicateSql, PredicateSqlOptions } from './to-sql.ts'
export { predicateToSql } from './to-sql.ts'
