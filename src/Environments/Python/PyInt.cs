using System.Numerics;

namespace SandQueue.Environments.Python;

/// <summary>An <c>int</c> of any size.</summary>
internal sealed class PyInt(BigInteger number) : PyValue
{
    public BigInteger Number { get; } = number;

    public override string TypeName => "int";

    public override bool Truthy => !Number.IsZero;
}
