namespace SandQueue.Environments.Python;

/// <summary>A number of a type that only ever appears in an answer (<c>Decimal</c>, <c>mpf</c>, <c>complex</c>): all that matters is how it reads.</summary>
internal sealed class PyShown(string typeName, string repr) : PyValue
{
    public string Repr { get; } = repr;

    public override string TypeName => typeName;

    public override bool Truthy => true;
}
