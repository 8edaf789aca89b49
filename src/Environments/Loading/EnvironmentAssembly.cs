using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using System.Runtime.Loader;
using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.Loading;

/// <summary>
/// An assembly of somebody else with the libraries beside it, apart from the server's own, of which it may need other versions. Only
/// the abstractions are shared: a second copy of an interface would be another type.
/// </summary>
[RequiresUnreferencedCode("Loads an assembly that the compiler does not see.")]
internal sealed class EnvironmentAssembly(string path) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(path))
{
    private static readonly Assembly Shared = typeof(IEnvironment).Assembly;

    private readonly AssemblyDependencyResolver _beside = new(path);

    /// <exception cref="InvalidDataException">It is no assembly, or was built for another version; one line for people.</exception>
    public Assembly Load()
    {
        Assembly assembly;
        try
        {
            assembly = LoadFromAssemblyPath(path);
        }
        catch (Exception exception) when (exception is BadImageFormatException or FileLoadException)
        {
            throw new InvalidDataException($"{path} is no .NET assembly that this server can load: {exception.Message}");
        }

        var own = Shared.GetName();
        if (assembly.GetReferencedAssemblies().FirstOrDefault(reference => reference.Name == own.Name) is not { } built)
        {
            throw new InvalidDataException($"{path} does not use {own.Name}, so it has no environment; name the assembly of your own class library");
        }

        return IsCompatible(built.Version!, own.Version!)
            ? assembly
            : throw new InvalidDataException($"{path} was built for {own.Name} {built.Version!.ToString(3)}, and this server has {own.Version!.ToString(3)}; refer to that version and build again");
    }

    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name == Shared.GetName().Name) return Shared;
        return _beside.ResolveAssemblyToPath(assemblyName) is { } found ? LoadFromAssemblyPath(found) : null;
    }

    protected override nint LoadUnmanagedDll(string unmanagedDllName) =>
        _beside.ResolveUnmanagedDllToPath(unmanagedDllName) is { } found ? LoadUnmanagedDllFromPath(found) : 0;

    // Below 1.0 a second number breaks what was built for another; above, only what is newer than the server.
    private static bool IsCompatible(Version built, Version own) =>
        built.Major == own.Major && (own.Major == 0 ? built.Minor == own.Minor : built.Minor <= own.Minor);
}
