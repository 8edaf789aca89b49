using System.Reflection;
using Microsoft.Extensions.Configuration;
using SandQueue.Storage.Model;
using SandQueue.Workers.Configuration;

namespace SandQueue.Workers.Settings;

/// <summary>Refuses a settings file with a key that means nothing, a value of the wrong form, or one that cannot work.</summary>
internal static class EnvironmentFileCheck
{
    /// <returns>Each with its key and what is wrong.</returns>
    public static IEnumerable<string> Problems(IConfiguration said)
    {
        var unknown = Unknown(said, typeof(EnvironmentOptions), "").ToList();
        if (unknown.Count > 0) return unknown;
        try
        {
            return EnvironmentOptionsCheck.Problems(said.Get<EnvironmentOptions>() ?? new EnvironmentOptions());
        }
        catch (InvalidOperationException exception)
        {
            return [exception.Message];
        }
    }

    /// <summary>A key with a slip of the pen would otherwise be passed over, and the default taken.</summary>
    private static IEnumerable<string> Unknown(IConfiguration said, Type options, string path)
    {
        foreach (var child in said.GetChildren())
        {
            var property = options.GetProperty(child.Key, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase);
            if (property is null)
            {
                yield return $"{path}{child.Key} is no setting; known are {string.Join(", ", Known(options))}";
            }
            else if (property.PropertyType.Namespace?.StartsWith("SandQueue", StringComparison.Ordinal) == true && !property.PropertyType.IsEnum)
            {
                foreach (var problem in Unknown(child, property.PropertyType, $"{path}{child.Key}:")) yield return problem;
            }
        }
    }

    private static IEnumerable<string> Known(Type options) => options.GetProperties().Select(property => property.Name).Order(StringComparer.Ordinal);
}
