using Microsoft.Extensions.Configuration;
using SandQueue.Hosting.Startup;

namespace SandQueue.Hosting.Settings;

/// <summary>Reads a section of the settings, and says which value cannot be read.</summary>
public static class SettingsSection
{
    /// <exception cref="StartupException">A value has the wrong form; the message names its key.</exception>
    public static T Read<T>(this IConfiguration configuration, string section)
        where T : class, new()
    {
        ArgumentNullException.ThrowIfNull(configuration);
        try
        {
            return configuration.GetSection(section).Get<T>() ?? new T();
        }
        catch (InvalidOperationException exception)
        {
            throw new StartupException($"a setting cannot be read: {exception.Message}");
        }
    }
}
