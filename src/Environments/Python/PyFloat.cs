namespace SandQueue.Environments.Python;

/// <summary>A <c>float</c>.</summary>
internal sealed class PyFloat(double number) : PyValue
{
    public double Number { get; } = number;

    public override string TypeName => "float";

    public override bool Truthy => Number != 0;
}
