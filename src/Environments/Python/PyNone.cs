namespace SandQueue.Environments.Python;

/// <summary><c>None</c>.</summary>
internal sealed class PyNone : PyValue
{
    private PyNone()
    {
    }

    public static PyNone Value { get; } = new();

    public override string TypeName => "NoneType";

    public override bool Truthy => false;
}
