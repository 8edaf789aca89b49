using SandQueue.Environments.Python;

namespace SandQueue.Environments.Bfcl.MultiTurn.Services.FileSystem;

/// <summary>A file. An agent may write any value into it, and meets its type again when it reads.</summary>
internal sealed record FileNode(PyValue Name, PyValue Content);

/// <summary>A directory.</summary>
/// <param name="Name">Its name when it was made; a move makes another.</param>
/// <param name="Parent">The number of the directory it was made in; null for the root.</param>
/// <param name="Contents">The number of its contents, which another directory may share.</param>
internal sealed record DirectoryNode(PyValue Name, int? Parent, int Contents);
