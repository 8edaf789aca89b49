namespace SandQueue.Environments.Python;

/// <summary><c>True</c> or <c>False</c>; in sums and comparisons they count as 1 and 0.</summary>
internal sealed class PyBool : PyValue
{
    private PyBool(bool value) => Truthy = value;

    public static PyBool True { get; } = new(true);

    public static PyBool False { get; } = new(false);

    public override string TypeName => "bool";

    public override bool Truthy { get; }

    public static PyBool Of(bool value) => value ? True : False;
}
