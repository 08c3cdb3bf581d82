/**
 * Every sentence of the checker, one function a message. The `CSxxxx` texts are those of the C# compiler (Roslyn 4.1);
 * `PTCxxxx` are ours. Types arrive as the compiler displays them.
 */
import { insteadOf } from './absent-names.ts';

export interface Wording {
  readonly code: string;
  readonly message: string;
  /** What to write instead. */
  readonly help?: string;
}

const fault = (code: string, message: string, help?: string): Wording => (help === undefined ? { code, message } : { code, message, help });

/** `IUser.Email` for what was meant, or nothing. */
const meant = (name: string | undefined): string | undefined => (name === undefined ? undefined : `did you mean \`${name}\``);

// ---------------------------------------------------------------- names and scopes

export const unknownName = (name: string, nearest?: string) =>
  fault('CS0103', `The name '${name}' does not exist in the current context`, insteadOf(name) ?? meant(nearest));
export const unknownType = (name: string, nearest?: string) =>
  fault(
    'CS0246',
    `The type or namespace name '${name}' could not be found (are you missing a using directive or an assembly reference?)`,
    insteadOf(name) ?? meant(nearest),
  );
export const nativeIntegers = () =>
  fault('CS8370', "Feature 'native-sized integers' is not available in C# 7.3. Please use language version 9.0 or greater.");
export const unknownInNamespace = (name: string, namespace: string) =>
  fault(
    'CS0234',
    `The type or namespace name '${name}' does not exist in the namespace '${namespace}' (are you missing an assembly reference?)`,
  );
export const unknownNestedType = (name: string, type: string) =>
  fault('CS0426', `The type name '${name}' does not exist in the type '${type}'`);
export const wrongTypeArgumentCount = (type: string, count: number) =>
  fault('CS0305', `Using the generic type '${type}' requires ${count} type arguments`);
export const notGenericType = (type: string) => fault('CS0308', `The non-generic type '${type}' cannot be used with type arguments`);
export const ambiguousType = (name: string, first: string, second: string) =>
  fault('CS0104', `'${name}' is an ambiguous reference between '${first}' and '${second}'`);
export const usedLikeType = (name: string, kind: string, wanted: string) =>
  fault('CS0118', `'${name}' is a ${kind} but is used like a ${wanted}`);
export const typeNotValidHere = (type: string) => fault('CS0119', `'${type}' is a type, which is not valid in the given context`);
export const namespaceNotValidHere = (name: string) => fault('CS0119', `'${name}' is a namespace, which is not valid in the given context`);
export const methodNotValidHere = (name: string) => fault('CS0119', `'${name}' is a method, which is not valid in the given context`);
export const duplicateLocal = (name: string) =>
  fault('CS0128', `A local variable or function named '${name}' is already defined in this scope`);
export const duplicateParameter = (name: string) => fault('CS0100', `The parameter name '${name}' is a duplicate`);
export const shadowedLocal = (name: string) =>
  fault(
    'CS0136',
    `A local or parameter named '${name}' cannot be declared in this scope because that name is used in an enclosing local scope to define a local or parameter`,
  );
export const usedBeforeDeclared = (name: string) => fault('CS0841', `Cannot use local variable '${name}' before it is declared`);
export const nonNullableRequired = (type: string) =>
  fault(
    'CS0453',
    `The type '${type}' must be a non-nullable value type in order to use it as parameter 'T' in the generic type or method 'Nullable<T>'`,
  );
export const staticTypeVariable = (type: string) => fault('CS0723', `Cannot declare a variable of static type '${type}'`);
export const voidNotAllowed = () => fault('CS1547', "Keyword 'void' cannot be used in this context");
export const thisNotAllowed = () =>
  fault('CS0026', "Keyword 'this' is not valid in a static property, static method, or static field initializer");
export const baseNotAllowed = () => fault('CS1511', "Keyword 'base' is not available in a static method");
export const moreFaults = (count: number) =>
  fault('PTC3005', `${count} more errors in this expression are not shown`, 'repair the first ones: the others may follow from them');
export const dynamicRefused = () => fault('PTC3002', '`dynamic` cannot be used in a policy expression', 'use `var`, or the type itself');
export const awaitRefused = () =>
  fault(
    'CS4032',
    "The 'await' operator can only be used within an async method. Consider marking this method with the 'async' modifier and changing its return type to 'Task<object>'.",
  );
export const returnedByValue = () => fault('CS8150', 'By-value returns may only be used in methods that return by value');
export const returnedByReference = () => fault('CS8149', 'By-reference returns may only be used in methods that return by reference');
export const returnedOtherType = (type: string) =>
  fault('CS8151', `The return expression must be of type '${type}' because this method returns by reference`);
export const localReturnedByReference = (name: string) =>
  fault('CS8168', `Cannot return local '${name}' by reference because it is not a ref local`);
export const parameterReturnedByReference = (name: string) =>
  fault('CS8166', `Cannot return a parameter by reference '${name}' because it is not a ref or out parameter`);
export const notReturnableByReference = () =>
  fault('CS8156', 'An expression cannot be used in this context because it may not be passed or returned by reference');
export const readOnlyReference = (what: string) => fault('CS8331', `Cannot assign to ${what} because it is a readonly variable`);
export const refMisplaced = () =>
  fault('PTC3007', '`ref` cannot stand here', 'write `ref` before an argument, or in `ref int x = ref y;`, or leave it out');
export const refNeedsInitializer = () => fault('CS8174', 'A declaration of a by-reference variable must have an initializer');
export const refNeedsRef = () => fault('CS8172', 'Cannot initialize a by-reference variable with a value');
export const refOfOtherType = (type: string) =>
  fault('CS8173', `The expression must be of type '${type}' because it is being assigned by reference`);
export const asyncRefused = () =>
  fault('PTC3003', '`async` cannot be used in a policy expression', 'leave out `async`: expressions run synchronously');
export const pointersRefused = () => fault('CS0214', 'Pointers and fixed size buffers may only be used in an unsafe context');

// ---------------------------------------------------------------- permission

/** For gateways that are known to accept what the published list does not hold. */
export const allowMember = (member: string) => `if your gateway accepts it, add \`${member}\` to \`expressions.allow\` in \`portico.yaml\``;
export const typeNotPermitted = (type: string, help?: string) =>
  fault('PTC3000', `the type \`${type}\` is not among the types that API Management permits in policy expressions`, help);
export const memberNotPermitted = (member: string, help: string) =>
  fault('PTC3001', `\`${member}\` is not among the members that API Management permits in policy expressions`, help);
export const nearestPermitted = (nearest: string) => `write \`${nearest}\` instead`;
export const constructorNotPermitted = (type: string, help: string) =>
  fault('PTC3001', `\`new ${type}\` is not among the constructors that API Management permits in policy expressions`, help);
export const exceptionNotMade = 'write `new Exception(…)` instead: other exceptions can be caught, not made';

// ---------------------------------------------------------------- members

export const noMember = (type: string, name: string, nearest?: string) =>
  fault(
    'CS1061',
    `'${type}' does not contain a definition for '${name}' and no accessible extension method '${name}' accepting a first argument of type '${type}' could be found (are you missing a using directive or an assembly reference?)`,
    meant(nearest),
  );
export const noStaticMember = (type: string, name: string, nearest?: string) =>
  fault('CS0117', `'${type}' does not contain a definition for '${name}'`, meant(nearest));
export const wrongReceiver = (type: string, name: string, method: string, wanted: string) =>
  fault(
    'CS1929',
    `'${type}' does not contain a definition for '${name}' and the best extension method overload '${method}' requires a receiver of type '${wanted}'`,
  );
export const needsInstance = (member: string) =>
  fault('CS0120', `An object reference is required for the non-static field, method, or property '${member}'`);
export const needsType = (member: string) =>
  fault('CS0176', `Member '${member}' cannot be accessed with an instance reference; qualify it with a type name instead`);
export const readOnly = (member: string) => fault('CS0200', `Property or indexer '${member}' cannot be assigned to -- it is read only`);
export const writeOnly = (member: string) =>
  fault('CS0154', `The property or indexer '${member}' cannot be used in this context because it lacks the get accessor`);
export const readOnlyStaticField = () =>
  fault('CS0198', 'A static readonly field cannot be assigned to (except in a static constructor or a variable initializer)');
export const notInvocable = (member: string) => fault('CS1955', `Non-invocable member '${member}' cannot be used like a method.`);
export const notAMethod = () => fault('CS0149', 'Method name expected');
export const cannotIndex = (type: string) => fault('CS0021', `Cannot apply indexing with [] to an expression of type '${type}'`);
export const wrongIndexCount = (count: number) => fault('CS0022', `Wrong number of indices inside []; expected ${count}`);
export const namedIndexArgument = () => fault('CS1742', 'An array access may not have a named argument specifier');
export const notOnNullReceiver = (operator: string, type: string) =>
  fault('CS0023', `Operator '${operator}' cannot be applied to operand of type '${type}'`);
export const extensionOnNull = () => fault('CS0023', "Operator '.' cannot be applied to operand of type '<null>'");

// ---------------------------------------------------------------- calls and creation

export const outNeedsVariable = () => fault('CS1510', 'A ref or out value must be an assignable variable');
export const propertyByReference = () => fault('CS0206', 'A property or indexer may not be passed as an out or ref parameter');
export const cannotCreateAbstract = (type: string) =>
  fault('CS0144', `Cannot create an instance of the abstract type or interface '${type}'`);
export const cannotCreateStatic = (type: string) => fault('CS0712', `Cannot create an instance of the static class '${type}'`);
export const delegateNeedsMethod = () => fault('CS0149', 'Method name expected');
export const noInitializerMember = (type: string, name: string, nearest?: string) =>
  fault('CS0117', `'${type}' does not contain a definition for '${name}'`, meant(nearest));
export const notACollection = (type: string) =>
  fault(
    'CS1922',
    `Cannot initialize type '${type}' with a collection initializer because it does not implement 'System.Collections.IEnumerable'`,
  );
export const addFailed = (method: string) =>
  fault('CS1950', `The best overloaded Add method '${method}' for the collection initializer has some invalid arguments`);
export const noBestArrayType = () => fault('CS0826', 'No best type found for implicitly-typed array');
export const arrayInitializerExpected = () => fault('CS0846', 'A nested array initializer is expected');
export const arrayInitializerMisplaced = () =>
  fault('CS0623', 'Array initializers can only be used in a variable or field initializer. Try using a new expression instead.');
export const arrayLengthMismatch = (length: number) => fault('CS0847', `An array initializer of length '${length}' is expected`);
export const constantExpected = () => fault('CS0150', 'A constant value is expected');
export const negativeArraySize = () => fault('CS0248', 'Cannot create an array with a negative size');
export const arraySizeNeeded = () => fault('CS1586', 'Array creation must have array size or array initializer');
export const duplicateAnonymousMember = () => fault('CS0833', 'An anonymous type cannot have multiple properties with the same name');
export const anonymousMemberName = () =>
  fault(
    'CS0746',
    'Invalid anonymous type member declarator. Anonymous type members must be declared with a member assignment, simple name or member access.',
  );
export const anonymousMemberValue = (what: string) => fault('CS0828', `Cannot assign '${what}' to anonymous type property`);
export const duplicateTupleName = () => fault('CS8127', 'Tuple element names must be unique.');

// ---------------------------------------------------------------- conversions

export const noConversion = (from: string, to: string) => fault('CS0029', `Cannot implicitly convert type '${from}' to '${to}'`);
export const castMissing = (from: string, to: string) =>
  fault(
    'CS0266',
    `Cannot implicitly convert type '${from}' to '${to}'. An explicit conversion exists (are you missing a cast?)`,
    `write \`(${to})\` before the value`,
  );
export const noCast = (from: string, to: string) => fault('CS0030', `Cannot convert type '${from}' to '${to}'`);
export const constantOutOfRange = (value: string, to: string) =>
  fault('CS0031', `Constant value '${value}' cannot be converted to a '${to}'`);
export const constantCastOverflow = (value: string, to: string) =>
  fault('CS0221', `Constant value '${value}' cannot be converted to a '${to}' (use 'unchecked' syntax to override)`);
export const nullToValueType = (to: string) => fault('CS0037', `Cannot convert null to '${to}' because it is a non-nullable value type`);
export const nullToTypeParameter = (to: string) =>
  fault(
    'CS0403',
    `Cannot convert null to type parameter '${to}' because it could be a non-nullable value type. Consider using 'default(${to})' instead.`,
  );
export const doubleLiteral = (to: string) => {
  const suffix = to === 'float' ? 'F' : 'M';
  return fault(
    'CS0664',
    `Literal of type double cannot be implicitly converted to type '${to}'; use an '${suffix}' suffix to create a literal of this type`,
  );
};
export const methodGroupToValue = (name: string, to: string) =>
  fault(
    'CS0428',
    `Cannot convert method group '${name}' to non-delegate type '${to}'. Did you intend to invoke the method?`,
    `write \`${name}()\``,
  );
export const noMatchingOverload = (name: string, to: string) => fault('CS0123', `No overload for '${name}' matches delegate '${to}'`);
export const wrongReturnType = (type: string, method: string) => fault('CS0407', `'${type} ${method}' has the wrong return type`);
export const lambdaToValue = (what: string, to: string) =>
  fault('CS1660', `Cannot convert ${what} to type '${to}' because it is not a delegate type`);
export const defaultHasNoType = () => fault('CS8716', 'There is no target type for the default literal.');
export const throwNotAllowed = () => fault('CS8115', 'A throw expression is not allowed in this context.');
export const notAnException = () => fault('CS0155', 'The type caught or thrown must be derived from System.Exception');
export const asNeedsReference = (type: string) =>
  fault('CS0077', `The as operator must be used with a reference type or nullable type ('${type}' is a non-nullable value type)`);
export const asImpossible = (from: string, to: string) =>
  fault(
    'CS0039',
    `Cannot convert type '${from}' to '${to}' via a reference conversion, boxing conversion, unboxing conversion, wrapping conversion, or null type conversion`,
  );
export const impossiblePattern = (from: string, to: string) =>
  fault('CS8121', `An expression of type '${from}' cannot be handled by a pattern of type '${to}'.`);
export const nullablePattern = (type: string, underlying: string) =>
  fault('CS8116', `It is not legal to use nullable type '${type}' in a pattern; use the underlying type '${underlying}' instead.`);
export const isNeedsType = () =>
  fault('CS0837', "The first operand of an 'is' or 'as' operator may not be a lambda expression, anonymous method, or method group.");

// ---------------------------------------------------------------- operators and constants

export const noOperator = (operator: string, left: string, right: string) =>
  fault('CS0019', `Operator '${operator}' cannot be applied to operands of type '${left}' and '${right}'`);
export const noUnaryOperator = (operator: string, type: string) =>
  fault('CS0023', `Operator '${operator}' cannot be applied to operand of type '${type}'`);
export const ambiguousOperator = (operator: string, left: string, right: string) =>
  fault('CS0034', `Operator '${operator}' is ambiguous on operands of type '${left}' and '${right}'`);
export const ambiguousUnaryOperator = (operator: string, type: string) =>
  fault('CS0035', `Operator '${operator}' is ambiguous on an operand of type '${type}'`);
export const constantOverflow = () => fault('CS0220', 'The operation overflows at compile time in checked mode');
export const divisionByZero = () => fault('CS0020', 'Division by constant zero');
export const notConstant = (name: string) => fault('CS0133', `The expression being assigned to '${name}' must be constant`);
export const noCommonType = (left: string, right: string) =>
  fault(
    'CS8957',
    `Conditional expression is not valid in language version 7.3 because a common type was not found between '${left}' and '${right}'. To use a target-typed conversion, upgrade to language version 9.0 or greater.`,
  );
export const notAssignable = () => fault('CS0131', 'The left-hand side of an assignment must be a variable, property or indexer');
export const notIncrementable = () =>
  fault('CS1059', 'The operand of an increment or decrement operator must be a variable, property or indexer');
export const loopVariable = (name: string, what: string) => fault('CS1656', `Cannot assign to '${name}' because it is a '${what}'`);
export const notAVariable = (what: string) => fault('CS1612', `Cannot modify the return value of '${what}' because it is not a variable`);
export const sizeofUnknown = (type: string) =>
  fault('CS0233', `'${type}' does not have a predefined size, therefore sizeof can only be used in an unsafe context`);
export const alignmentNotConstant = () => fault('CS0150', 'A constant value is expected');

// ---------------------------------------------------------------- variables

export const varNeedsInitializer = () => fault('CS0818', 'Implicitly-typed variables must be initialized');
export const varOf = (what: string) => fault('CS0815', `Cannot assign ${what} to an implicitly-typed variable`);
export const varOfArrayInitializer = () => fault('CS0820', 'Cannot initialize an implicitly-typed variable with an array initializer');
export const varSeveral = () => fault('CS0819', 'Implicitly-typed variables cannot have multiple declarators');
export const varConst = () => fault('CS0822', 'Implicitly-typed variables cannot be constant');
export const constNeedsValue = () => fault('CS0145', 'A const field requires a value to be provided');
export const constOfType = (type: string) => fault('CS0283', `The type '${type}' cannot be declared const`);
export const inferredDelegateType = () =>
  fault('CS8370', "Feature 'inferred delegate type' is not available in C# 7.3. Please use language version 10.0 or greater.");
export const noDeconstruct = (type: string, count: number) =>
  fault(
    'CS8129',
    `No suitable 'Deconstruct' instance or extension method was found for type '${type}', with ${count} out parameters and a void return type.`,
  );
export const cannotDeconstruct = (count: number, parts: number) =>
  fault('CS8132', `Cannot deconstruct a tuple of '${count}' elements into '${parts}' variables.`);
export const uninferredPart = (name: string) =>
  fault('CS8130', `Cannot infer the type of implicitly-typed deconstruction variable '${name}'.`);
export const deconstructNothing = () =>
  fault('CS8131', 'Deconstruct assignment requires an expression with a type on the right-hand-side.');

// ---------------------------------------------------------------- lambdas and functions

export const wrongParameterCount = (type: string, count: number) => fault('CS1593', `Delegate '${type}' does not take ${count} arguments`);
export const wrongParameterTypes = (what: string, type: string) =>
  fault('CS1661', `Cannot convert ${what} to type '${type}' because the parameter types do not match the delegate parameter types`);
export const parameterTypeMismatch = (index: number, declared: string, wanted: string) =>
  fault('CS1678', `Parameter ${index} is declared as type '${declared}' but should be '${wanted}'`);
export const wrongLambdaReturn = (what: string) =>
  fault(
    'CS1662',
    `Cannot convert ${what} to intended delegate type because some of the return types in the block are not implicitly convertible to the delegate return type`,
  );
export const returnsNothing = (what: string) => fault('CS8030', `${what} converted to a void returning delegate cannot return a value`);
export const valueExpected = (type: string) => fault('CS0126', `An object of a type convertible to '${type}' is required`);
export const voidFunctionReturns = (name: string) =>
  fault('CS0127', `Since '${name}' returns void, a return keyword must not be followed by an object expression`);
export const notAnIterator = (name: string, type: string) =>
  fault('CS1624', `The body of '${name}' cannot be an iterator block because '${type}' is not an iterator interface type`);
export const yieldInLambda = () => fault('CS1621', 'The yield statement cannot be used inside an anonymous method or lambda expression');
export const returnInIterator = () =>
  fault(
    'CS1622',
    'Cannot return a value from an iterator. Use the yield return statement to return a value, or yield break to end the iteration.',
  );
export const optionalNotConstant = (name: string) =>
  fault('CS1736', `Default parameter value for '${name}' must be a compile-time constant`);
export const byRefCaptured = (name: string) =>
  fault(
    'CS1628',
    `Cannot use ref, out, or in parameter '${name}' inside an anonymous method, lambda expression, query expression, or local function`,
  );
export const modifierNotAllowed = (name: string) => fault('CS0106', `The modifier '${name}' is not valid for this item`);
export const tooManySpecialisations = (name: string) =>
  fault('PTC3004', `the generic function \`${name}\` is used with too many different types`);

// ---------------------------------------------------------------- statements

export const notAStatement = () =>
  fault('CS0201', 'Only assignment, call, increment, decrement, await, and new object expressions can be used as a statement');
export const duplicateCase = (value: string) =>
  fault('CS0152', `The switch statement contains multiple cases with the label value '${value}'`);
export const unreachableCase = () =>
  fault('CS8120', 'The switch case is unreachable. It has already been handled by a previous case or it is impossible to match.');
export const tupleCreation = () => fault('CS8181', "'new' cannot be used with tuple type. Use a tuple literal expression instead.");
export const noLoop = () => fault('CS0139', 'No enclosing loop out of which to break or continue');
export const noLabel = (name: string) => fault('CS0159', `No such label '${name}' within the scope of the goto statement`);
export const duplicateLabel = (name: string) => fault('CS0140', `The label '${name}' is a duplicate`);
export const gotoCaseOutside = () => fault('CS0153', 'A goto case is only valid inside a switch statement');
export const notEnumerable = (type: string) =>
  fault(
    'CS1579',
    `foreach statement cannot operate on variables of type '${type}' because '${type}' does not contain a public instance or extension definition for 'GetEnumerator'`,
  );
export const nullNotValid = () => fault('CS0186', 'Use of null is not valid in this context');
export const foreachOverFunction = (what: string) =>
  fault('CS0446', `Foreach cannot operate on a '${what}'. Did you intend to invoke the '${what}'?`);
export const notDisposable = (type: string) =>
  fault('CS1674', `'${type}': type used in a using statement must be implicitly convertible to 'System.IDisposable'`);
export const lockNeedsReference = (type: string) => fault('CS0185', `'${type}' is not a reference type as required by the lock statement`);
export const caughtBefore = (type: string) =>
  fault('CS0160', `A previous catch clause already catches all exceptions of this or of a super type ('${type}')`);
export const rethrowOutsideCatch = () => fault('CS0156', 'A throw statement with no arguments is not allowed outside of a catch clause');
export const leavesFinally = () => fault('CS0157', 'Control cannot leave the body of a finally clause');
export const switchOnNothing = () => fault('CS8119', "The switch expression must be a value; found '<null>'.");
export const tooComplex = () => fault('CS8078', 'An expression is too long or complex to compile');
export const queryPattern = (type: string, method: string) =>
  fault('CS1936', `Could not find an implementation of the query pattern for source type '${type}'.  '${method}' not found.`);
export const rangeVariableValue = (what: string) => fault('CS1932', `Cannot assign ${what} to a range variable`);
