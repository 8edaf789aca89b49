namespace SandQueue.Environments.Python;

/// <summary>
/// A value of a type that only ever appears in an answer (<c>Decimal</c>, <c>mpf</c>, <c>complex</c>, <c>...</c>): all
/// that matters is how it reads, and that JSON has nothing for it.
/// </summary>
internal sealed class PyShown(string typeName, string repr) : PyValue
{
    public static PyShown Ellipsis { get; } = new("ellipsis", "Ellipsis");

    public string Repr { get; } = repr;

    public override string TypeName => typeName;

    public override bool Truthy => true;
}
