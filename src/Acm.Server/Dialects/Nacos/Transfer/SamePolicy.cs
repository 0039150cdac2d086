namespace Acm.Server.Dialects.Nacos.Transfer;

/// <summary>The policy for configurations that exist in the target.</summary>
internal enum SamePolicy
{
    Abort,
    Skip,
    Overwrite,
}
