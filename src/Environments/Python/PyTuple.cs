namespace SandQueue.Environments.Python;

/// <summary>A <c>tuple</c>: unlike a list it may be a key.</summary>
internal sealed class PyTuple(params PyValue[] items) : PyValue
{
    public IReadOnlyList<PyValue> Items => items;

    public override string TypeName => "tuple";

    public override bool Truthy => items.Length > 0;
}
