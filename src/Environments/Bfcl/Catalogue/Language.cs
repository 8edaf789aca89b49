namespace SandQueue.Environments.Bfcl.Catalogue;

/// <summary>The language a category's functions are written in; it decides how values are written and compared.</summary>
internal enum Language
{
    Python,
    Java,
    JavaScript,
}
