using System.Reflection;
using System.Reflection.Emit;

namespace Coupon.Tests;

/// <summary>
/// Which types a class uses, directly or through others, read from the compiled code. A type counts as a whole: all its methods and nested types.
/// </summary>
internal static class ReachedTypes
{
    private const byte TwoBytes = 0xFE;
    private const BindingFlags Declared =
        BindingFlags.DeclaredOnly | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance;

    private static readonly Dictionary<short, OpCode> _codes = typeof(OpCodes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Select(field => (OpCode)field.GetValue(null)!)
        .ToDictionary(code => code.Value);

    /// <param name="start">The class to begin with.</param>
    /// <param name="followed">The full names of the assemblies whose code is read; types of others are named and not entered.</param>
    public static IReadOnlyCollection<Type> From(Type start, IReadOnlyCollection<string> followed)
    {
        var reached = new HashSet<Type> { start };
        var left = new Queue<Type>(reached);
        while (left.TryDequeue(out var type))
        {
            if (!followed.Contains(type.Assembly.FullName!))
                continue;
            foreach (var used in UsedBy(type).SelectMany(Parts))
            {
                if (reached.Add(used))
                    left.Enqueue(used);
            }
        }

        return reached;
    }

    private static IEnumerable<Type> UsedBy(Type type)
    {
        var methods = type.GetMethods(Declared).Concat<MethodBase>(type.GetConstructors(Declared)).ToList();
        return type.GetNestedTypes(Declared)
            .Concat(type.GetInterfaces())
            .Concat(type.BaseType is { } parent ? [parent] : [])
            .Concat(type.GetFields(Declared).Select(field => field.FieldType))
            .Concat(methods.SelectMany(method => method.GetParameters()).Select(parameter => parameter.ParameterType))
            .Concat(methods.SelectMany(NamedIn));
    }

    // Task<T> and T[] use T.
    private static IEnumerable<Type> Parts(Type type)
    {
        if (type.HasElementType)
            return Parts(type.GetElementType()!);
        if (type.IsGenericParameter)
            return [];
        return type.IsGenericType ? type.GetGenericArguments().SelectMany(Parts).Append(type.GetGenericTypeDefinition()) : [type];
    }

    private static IEnumerable<Type> NamedIn(MethodBase method)
    {
        if (method.GetMethodBody()?.GetILAsByteArray() is not { } code)
            yield break;
        Type[] typeArguments = method.DeclaringType?.GetGenericArguments() ?? [];
        Type[] methodArguments = method.IsGenericMethod ? method.GetGenericArguments() : [];
        for (var at = 0; at < code.Length; )
        {
            var operation = code[at] == TwoBytes ? _codes[(short)((TwoBytes << 8) | code[at + 1])] : _codes[code[at]];
            at += operation.Size;
            if (operation.OperandType is OperandType.InlineMethod or OperandType.InlineField or OperandType.InlineType or OperandType.InlineTok)
            {
                var member = method.Module.ResolveMember(BitConverter.ToInt32(code, at), typeArguments, methodArguments)!;
                if ((member as Type ?? member.DeclaringType) is { } named)
                    yield return named;
                if (member is MethodInfo { IsGenericMethod: true } generic)
                {
                    foreach (var argument in generic.GetGenericArguments())
                        yield return argument;
                }
            }

            at += Length(operation.OperandType, code, at);
        }
    }

    private static int Length(OperandType operand, byte[] code, int at) =>
        operand switch
        {
            OperandType.InlineNone => 0,
            OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
            OperandType.InlineVar => 2,
            OperandType.InlineI8 or OperandType.InlineR => 8,
            OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
            _ => 4,
        };
}
