namespace SandQueue.Architecture.Tests.Reading.Samples;

/// <summary>Uses each type of <c>Used.cs</c> in the one way that its name says.</summary>
[By(typeof(ByAttributeType), ByAttributeEnum.One)]
internal sealed class User<T> : ByBase, IByInterface
    where T : IByConstraint
{
    private ByField? _field;
    private readonly List<ByGenericArgument> _generic = [];
    private readonly ByArray[] _array = [];

    private event Action<ByEvent>? Raised;

    public ByProperty? Property { get; set; }

    public ByResult? Method(ByParameter parameter, object value)
    {
        var made = new ByNew();
        ByStaticCall.Call();
        _ = Enumerable.Empty<object>().OfType<ByGenericCall>();
        try
        {
            Raised?.Invoke(null!);
        }
        catch (ByException)
        {
            return null;
        }

        _field ??= null;
        _ = typeof(ByTypeOf).Name + (value is ByTest) + _field + _generic.Count + _array.Length + made;
        Func<int> lambda = () => ByLambda.Value;
        return lambda() > 0 ? null : default;
    }

    public static async Task MethodAsync() => await ByAsync.CallAsync();

    public static IEnumerable<int> Iterate()
    {
        yield return ByIterator.Value;
    }

    public static (int, ByTuple?) Tuple() => default;

    private sealed class Nested
    {
        public ByNested? Field { get; set; }
    }
}
