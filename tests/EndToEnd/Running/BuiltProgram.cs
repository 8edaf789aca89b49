using System.Reflection;

namespace SandQueue.EndToEnd.Running;

/// <summary>Where the build put what these tests start.</summary>
internal static class BuiltProgram
{
    public static string GatewayLibrary { get; } = Recorded("GatewayLibrary");

    public static string RepositoryRoot { get; } = Recorded("RepositoryRoot");

    private static string Recorded(string name) => typeof(BuiltProgram).Assembly
        .GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == name).Value!;
}
