namespace Acm.Client;

/// <summary>The properties of <see cref="ConfigMetadata"/>, except for the data key, which belongs to the content.</summary>
[Flags]
internal enum MetadataFields
{
    None = 0,
    Type = 1,
    Tags = 2,
    Description = 4,
    AppName = 8,
    Schema = 16,
    Use = 32,
    Rest = 64,
    All = Type | Tags | Description | AppName | Schema | Use | Rest,
}
