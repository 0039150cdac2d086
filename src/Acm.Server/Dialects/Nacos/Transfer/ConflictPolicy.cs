namespace Acm.Server.Dialects.Nacos.Transfer;

/// <summary>The policy for configurations that exist in the target.</summary>
internal enum ConflictPolicy
{
    Abort,
    Skip,
    Overwrite,
}
