/**
 * Functions of expert SQL: arithmetic, text, dates, arrays, maps and aggregates. Left out on purpose: everything that reads
 * a file, a table, a dictionary, a setting or another server, that sleeps, or that names the server.
 */
const names = `
plus minus multiply divide intDiv intDivOrZero modulo positiveModulo negate abs sign sqrt cbrt exp exp2 exp10 log log2 log10 pow power
floor ceil ceiling round trunc roundBankers greatest least min2 max2 sin cos tan asin acos atan pi e isFinite isInfinite isNaN ifNotFinite
equals notEquals less greater lessOrEquals greaterOrEquals and or xor not if multiIf caseWithExpression between
isNull isNotNull ifNull nullIf coalesce assumeNotNull toNullable isZeroOrNull
in notIn globalIn globalNotIn tuple tupleElement untuple array lambda arrayElement map
bitAnd bitOr bitXor bitNot bitShiftLeft bitShiftRight bitTest bitCount
toInt8 toInt16 toInt32 toInt64 toInt128 toUInt8 toUInt16 toUInt32 toUInt64 toUInt128 toFloat32 toFloat64 toBool toString toFixedString
toInt32OrNull toInt64OrNull toUInt32OrNull toUInt64OrNull toFloat64OrNull toInt64OrZero toUInt64OrZero toFloat64OrZero
CAST _CAST accurateCast accurateCastOrNull toDate toDateOrNull toDateTime toDateTimeOrNull toDateTime64 toTypeName
parseDateTimeBestEffort parseDateTimeBestEffortOrNull parseDateTime64BestEffort parseDateTime64BestEffortOrNull
now now64 today yesterday toYear toMonth toDayOfMonth toDayOfWeek toHour toMinute toSecond toMillisecond toUnixTimestamp
toUnixTimestamp64Milli toUnixTimestamp64Micro toUnixTimestamp64Nano fromUnixTimestamp fromUnixTimestamp64Milli fromUnixTimestamp64Micro fromUnixTimestamp64Nano
toStartOfDay toStartOfHour toStartOfMinute toStartOfSecond toStartOfFiveMinutes toStartOfTenMinutes toStartOfFifteenMinutes
toStartOfWeek toStartOfMonth toStartOfYear toStartOfInterval toTimeZone formatDateTime dateDiff dateAdd dateSub date_trunc dateTrunc age
toIntervalNanosecond toIntervalMicrosecond toIntervalMillisecond toIntervalSecond toIntervalMinute toIntervalHour toIntervalDay toIntervalWeek toIntervalMonth
addSeconds addMinutes addHours addDays subtractSeconds subtractMinutes subtractHours subtractDays
empty notEmpty length lengthUTF8 lower upper lowerUTF8 upperUTF8 concat concatWithSeparator substring substringUTF8 left right leftPad rightPad
trim trimLeft trimRight trimBoth ltrim rtrim reverse replaceOne replaceAll replaceRegexpOne replaceRegexpAll format
position positionCaseInsensitive positionUTF8 like notLike ilike notILike match startsWith endsWith hasToken hasTokenCaseInsensitive
extract extractAll extractGroups splitByChar splitByString splitByRegexp tokens arrayStringConcat countSubstrings
multiSearchAny multiSearchAnyCaseInsensitive ngramDistance hex unhex base64Encode base64Decode
JSONExtract JSONExtractString JSONExtractInt JSONExtractUInt JSONExtractFloat JSONExtractBool JSONExtractRaw JSONExtractKeys JSONHas JSONLength JSONType isValidJSON toJSONString
domain domainWithoutWWW path protocol queryString cutQueryString extractURLParameter
cityHash64 sipHash64 xxHash64 MD5 SHA256 formatReadableSize formatReadableQuantity formatReadableTimeDelta bar
arrayMap arrayFilter arrayExists arrayAll arrayCount arraySum arrayAvg arrayMin arrayMax arrayCumSum arrayDifference arrayFirst arrayFirstIndex arrayLast
arraySort arrayReverseSort arrayReverse arrayDistinct arrayUniq arrayConcat arraySlice arrayPushBack arrayPushFront arrayZip arrayEnumerate arrayJoin arrayCompact
arrayFlatten arrayIntersect arrayResize has hasAny hasAll indexOf countEqual range
mapKeys mapValues mapContains mapContainsKey mapFilter mapApply mapAdd mapFromArrays mapSort mapUpdate mapExists
count sum avg min max any anyLast argMin argMax uniq uniqExact uniqCombined uniqCombined64 uniqHLL12 sumMap minMap maxMap
quantile quantiles quantileExact quantilesExact quantileExactWeighted quantileTDigest quantilesTDigest quantileTDigestWeighted quantileTiming quantilesTiming quantileBFloat16 median
groupArray groupUniqArray groupArraySorted topK topKWeighted stddevPop stddevSamp varPop varSamp corr covarPop covarSamp skewPop kurtPop
entropy simpleLinearRegression histogram first_value last_value nth_value row_number rank dense_rank lag lead lagInFrame leadInFrame ntile
grouping bucketMiddle exponentialMovingAverage deltaSum deltaSumTimestamp retention windowFunnel
`

const combinable = ['If', 'OrNull', 'OrDefault', 'Distinct', 'Array', 'Map', 'ForEach', 'OrNullIf']
const aggregates = `count sum avg min max any anyLast argMin argMax uniq uniqExact uniqCombined quantile quantiles quantileExact quantilesExact
quantileTDigest quantilesTDigest median groupArray groupUniqArray topK stddevPop stddevSamp varPop varSamp sumMap`

const plain = names.split(/\s+/).filter((name) => name !== '')
const combined = aggregates.split(/\s+/).flatMap((name) => combinable.map((suffix) => `${name}${suffix}`))

/** Lower case: some functions are named without regard to case. */
export const sqlFunctions: ReadonlySet<string> = new Set(
  [...plain, ...combined].map((name) => name.toLowerCase()),
)
