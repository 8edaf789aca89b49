using MudBlazor;

namespace SandQueue.Dashboard.Shell;

/// <summary>Calm and dense: the system's own letters, small, and one colour.</summary>
internal static class Theme
{
    private static readonly string[] Letters = ["system-ui", "-apple-system", "Segoe UI", "Roboto", "Noto Sans", "sans-serif"];

    public static MudTheme Of { get; } = new()
    {
        PaletteLight = new PaletteLight
        {
            Primary = "#1f5fa8",
            Secondary = "#5a4a8a",
            AppbarBackground = "#ffffff",
            AppbarText = "#1c2530",
            Background = "#f5f6f8",
            Surface = "#ffffff",
            DrawerBackground = "#ffffff",
            DrawerText = "#2b3642",
            DrawerIcon = "#556270",
            TextPrimary = "#1c2530",
            TextSecondary = "#55606c",
            Success = "#1d7a3e",
            Warning = "#8f5a00",
            Error = "#b3261e",
            Info = "#1f5fa8",
            LinesDefault = "#dfe3e8",
            TableLines = "#e6e9ed",
            Divider = "#dfe3e8",
        },
        PaletteDark = new PaletteDark
        {
            Primary = "#7db4f0",
            Secondary = "#b9a7ec",
            PrimaryContrastText = "#0d1a28",
            AppbarBackground = "#171d24",
            AppbarText = "#e4e9ee",
            Background = "#11161c",
            Surface = "#1a2129",
            DrawerBackground = "#171d24",
            DrawerText = "#cfd6dd",
            DrawerIcon = "#97a3af",
            TextPrimary = "#e4e9ee",
            TextSecondary = "#a3aeb9",
            Success = "#67c988",
            Warning = "#e8b04b",
            Error = "#ff8a80",
            ErrorContrastText = "#2a0b08",
            Info = "#7db4f0",
            LinesDefault = "#2c3640",
            TableLines = "#27303a",
            Divider = "#2c3640",
        },
        Typography = new Typography
        {
            Default = new DefaultTypography { FontFamily = Letters, FontSize = "0.8125rem", LineHeight = "1.45" },
            Body1 = new Body1Typography { FontFamily = Letters, FontSize = "0.8125rem" },
            Body2 = new Body2Typography { FontFamily = Letters, FontSize = "0.8125rem" },
            Button = new ButtonTypography { FontFamily = Letters, FontSize = "0.8125rem", TextTransform = "none" },
        },
        LayoutProperties = new LayoutProperties { DefaultBorderRadius = "6px", DrawerWidthLeft = "190px", AppbarHeight = "48px" },
    };
}
