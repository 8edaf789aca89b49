namespace SandQueue.Architecture.Tests.Reading.Samples;

internal class ByBase;

internal interface IByInterface;

internal interface IByConstraint;

internal sealed class ByField;

internal sealed class ByGenericArgument;

internal sealed class ByArray;

internal sealed class ByProperty;

internal sealed class ByEvent;

internal sealed class ByParameter;

internal sealed class ByResult;

[AttributeUsage(AttributeTargets.All)]
internal sealed class ByAttribute : Attribute
{
    public ByAttribute(Type type, object value) => (Type, Value) = (type, value);

    public Type Type { get; }

    public object Value { get; }
}

internal sealed class ByAttributeType;

internal enum ByAttributeEnum
{
    One,
}

internal sealed class ByNew;

internal static class ByStaticCall
{
    public static void Call()
    {
    }
}

internal sealed class ByGenericCall;

internal sealed class ByException : Exception;

internal sealed class ByTypeOf;

internal sealed class ByTest;

internal static class ByLambda
{
    public static int Value { get; set; }
}

internal static class ByAsync
{
    public static Task CallAsync() => Task.CompletedTask;
}

internal static class ByIterator
{
    public static int Value { get; set; }
}

internal sealed class ByNested;

internal sealed class ByTuple;
