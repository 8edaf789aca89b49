using System.Diagnostics.CodeAnalysis;
using System.Reflection;
using SandQueue.Environments.Abstractions.Episodes;

namespace SandQueue.Environments.Loading;

/// <summary>Makes the environment of an assembly that settings name. What is wrong is said in one line for people.</summary>
internal static class OutsideEnvironment
{
    private const BindingFlags AnyConstructor = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    /// <param name="name">The <c>env_type</c> it is served as.</param>
    /// <param name="file">The assembly's path.</param>
    /// <param name="className">The class with its namespace; null where the assembly has one environment only.</param>
    /// <exception cref="InvalidDataException">The file, the class or its constructor is not what it has to be.</exception>
    [UnconditionalSuppressMessage("Trimming", "IL2026", Justification = "A server that was compiled ahead of time refuses assemblies.")]
    public static IEnvironment Load(string name, string file, string? className)
    {
        var path = Path.GetFullPath(file);
        if (!File.Exists(path)) throw new InvalidDataException($"there is no file {path} to load the environment '{name}' from; build its project, or correct Assembly");
        try
        {
            var type = FindClass(new EnvironmentAssembly(path).Load(), path, className);
            return Named(Make(type, path), name, type, path);
        }
        catch (PlatformNotSupportedException)
        {
            throw new InvalidDataException($"this server was compiled ahead of time and loads no assembly, so '{name}' of {path} needs one that runs on .NET");
        }
    }

    [RequiresUnreferencedCode("Reads the types of an assembly that the compiler does not see.")]
    private static Type FindClass(Assembly assembly, string path, string? className)
    {
        var found = TypesOf(assembly, path)
            .Where(type => type is { IsClass: true, IsAbstract: false, ContainsGenericParameters: false } && typeof(IEnvironment).IsAssignableFrom(type))
            .OrderBy(type => type.FullName, StringComparer.Ordinal)
            .ToList();
        var names = string.Join(", ", found.Select(type => type.FullName));
        if (className is not null)
        {
            return found.Find(type => type.FullName == className)
                ?? throw new InvalidDataException($"{path} has no class {className} that implements IEnvironment; it has {(names.Length > 0 ? names : "none")}");
        }

        return found.Count switch
        {
            0 => throw new InvalidDataException($"{path} has no class that implements IEnvironment"),
            1 => found[0],
            _ => throw new InvalidDataException($"{path} has several classes that implement IEnvironment: {names}; name one by Class"),
        };
    }

    [RequiresUnreferencedCode("Reads the types of an assembly that the compiler does not see.")]
    private static Type[] TypesOf(Assembly assembly, string path)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException exception)
        {
            throw new InvalidDataException($"{path} cannot be loaded: {exception.LoaderExceptions.FirstOrDefault()?.Message ?? exception.Message}");
        }
    }

    [RequiresUnreferencedCode("Calls a constructor that the compiler does not see.")]
    private static IEnvironment Make(Type type, string path)
    {
        if (type.GetConstructor(AnyConstructor, []) is not { } constructor)
        {
            throw new InvalidDataException($"{type.FullName} of {path} has no constructor without parameters");
        }

        try
        {
            return (IEnvironment)constructor.Invoke(BindingFlags.DoNotWrapExceptions, null, [], null);
        }
        catch (Exception exception) when (exception is not InvalidDataException)
        {
            // Whatever it is, it is the author's, who needs to know where.
            throw new InvalidDataException($"the constructor of {type.FullName} of {path} failed: {Said(exception.GetBaseException())}", exception);
        }
    }

    private static IEnvironment Named(IEnvironment environment, string name, Type type, string path)
    {
        var own = environment.Description?.Name;
        return own == name
            ? environment
            : throw new InvalidDataException($"{type.FullName} of {path} describes itself as '{own}', and the settings serve it as '{name}'; the two have to be alike");
    }

    private static string Said(Exception exception)
    {
        var where = exception.StackTrace?.Split('\n')[0].Trim();
        return $"{exception.GetType().Name}: {exception.Message}{(where is null ? "" : $" ({where})")}";
    }
}
