namespace AcmPowerShell;

/// <summary>Completes the regions that are known to have KMS. Other regions are also accepted.</summary>
public sealed class RegionCompleter : Completer
{
    private static readonly (string Text, string Tip)[] Regions =
    [
        ("cn-hangzhou", "China (Hangzhou)"),
        ("cn-shanghai", "China (Shanghai)"),
        ("cn-beijing", "China (Beijing)"),
        ("cn-shenzhen", "China (Shenzhen)"),
        ("cn-qingdao", "China (Qingdao)"),
        ("cn-zhangjiakou", "China (Zhangjiakou)"),
        ("cn-huhehaote", "China (Hohhot)"),
        ("cn-hongkong", "China (Hong Kong)"),
        ("ap-southeast-1", "Singapore"),
        ("ap-southeast-2", "Australia (Sydney)"),
        ("ap-southeast-3", "Malaysia (Kuala Lumpur)"),
        ("ap-southeast-5", "Indonesia (Jakarta)"),
        ("ap-northeast-1", "Japan (Tokyo)"),
        ("ap-south-1", "India (Mumbai)"),
        ("us-west-1", "US (Silicon Valley)"),
        ("us-east-1", "US (Virginia)"),
        ("eu-central-1", "Germany (Frankfurt)"),
        ("eu-west-1", "UK (London)"),
        ("me-east-1", "UAE (Dubai)"),
    ];

    private protected override IEnumerable<(string Text, string Tip)> Find(CompletionRequest request) => Regions.OrderBy(region => region.Text, StringComparer.Ordinal);
}
