using System.Reflection;
using SandQueue.Storage.Model;

namespace SandQueue.Hosting.Settings;

/// <summary>The settings that a type of options has, looked up by name as the configuration does.</summary>
internal static class SettingsShape
{
    /// <summary>The names below a type; empty where any name may be there, or none.</summary>
    public static IReadOnlyList<string> Names(Type type) => IsSection(type) ? [.. Settable(type).Select(property => property.Name)] : [];

    /// <summary>The type below a name; null where there is none of that name. Below <see cref="object"/>, whose names another program knows, is anything.</summary>
    public static Type? Below(Type type, string name)
    {
        if (type == typeof(object)) return type;
        if (Element(type) is { } element) return element;
        return IsSection(type) ? Settable(type).FirstOrDefault(property => property.Name.Equals(name, StringComparison.OrdinalIgnoreCase))?.PropertyType : null;
    }

    /// <summary>A type of options of our own; others are values.</summary>
    public static bool IsSection(Type type) => type is { IsClass: true, IsGenericType: false } && type.Namespace?.StartsWith("SandQueue", StringComparison.Ordinal) == true;

    /// <summary>What a list or a dictionary holds, whose names are the user's; null for any other type.</summary>
    public static Type? Element(Type type) => type.IsGenericType && typeof(System.Collections.IEnumerable).IsAssignableFrom(type) ? type.GetGenericArguments()[^1] : null;

    private static IEnumerable<PropertyInfo> Settable(Type type) =>
        type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is { IsPublic: true });
}
