//! The words and phrases of generated posts.

pub(super) const PLACES: [&str; 20] = [
    "港区",
    "北岸",
    "老城",
    "东门码头",
    "灯塔街",
    "河口",
    "南渡口",
    "盐场",
    "船坞",
    "西堤",
    "鱼市",
    "钟楼广场",
    "海滨公园",
    "石桥镇",
    "沙洲",
    "气象站",
    "潮汐大道",
    "造船厂",
    "货运站",
    "古井巷",
];

pub(super) const THINGS: [&str; 20] = [
    "步行桥",
    "防波堤",
    "图书馆",
    "净水站",
    "运动场",
    "轮渡航线",
    "仓库改造",
    "排水管网",
    "社区食堂",
    "自行车道",
    "博物馆",
    "夜间班车",
    "菜市场",
    "观景台",
    "停车楼",
    "路灯更换",
    "旧楼加装电梯",
    "河道清淤",
    "体育中心",
    "游船泊位",
];

/// Predicates about a thing.
pub(super) const STATES: [&str; 18] = [
    "已经完成验收",
    "下个月就要动工",
    "正在公开征求意见",
    "比原计划提早两周交付使用",
    "因为台风推迟了开放时间",
    "通过了专家评审",
    "进入最后的调试阶段",
    "得到了多数居民的支持",
    "暂时没有确定施工单位",
    "计划分三期完成",
    "预算比去年少了一成",
    "迎来了第一批参观的市民",
    "还要等到汛期结束才能继续",
    "采用了新的环保材料",
    "被列入全年的重点任务",
    "需要重新测量地基",
    "每天开放到晚上九点",
    "吸引了不少摄影爱好者",
];

/// Further details.
pub(super) const DETAILS: [&str; 24] = [
    "负责人和完成期限都写在公告栏里",
    "附近居民可以在周末到现场走一走",
    "工程队把噪声大的工序安排在白天",
    "渔民说这样一来出海方便多了",
    "老人和孩子不用再绕远路",
    "有关部门会按季度公布进展",
    "预计高峰时段能够少堵二十分钟",
    "原来的树木全部保留下来",
    "雨水经过沉淀以后再排进海里",
    "记者看到工人正在铺设电缆",
    "摊主们已经搬进临时的棚子",
    "学校为此调整了接送路线",
    "志愿者在路口帮忙指引方向",
    "设计图纸可以在网上下载",
    "夜里的照明改用节能灯具",
    "潮水退去的时候还能看到旧码头的木桩",
    "候船的旅客终于有了遮阳的地方",
    "沿街店铺照常营业",
    "专家建议留出鸟类觅食的滩涂",
    "市民可以拨打热线提出意见",
    "下一次检查安排在国庆节之前",
    "所需材料大部分由水路运来",
    "老照片里的钟声又能听见了",
    "一些细节仍然在讨论当中",
];

/// Beginnings of sentences.
pub(super) const OPENINGS: [&str; 12] = [
    "据介绍，",
    "与此同时，",
    "",
    "",
    "",
    "从去年冬天开始，",
    "按照计划，",
    "值得一提的是，",
    "",
    "当地人说，",
    "到目前为止，",
    "在周一的会议上，",
];

pub(super) const CAPTIONS: [&str; 8] = [
    "退潮时的码头",
    "步行桥的效果图",
    "A ferry leaving the old pier",
    "工人检查防波堤",
    "Map of the northern shore",
    "老城的钟楼",
    "清晨的鱼市",
    "The lighthouse at dusk",
];

pub(super) const CATEGORIES: [&str; 8] = ["新闻", "城市", "海洋", "交通", "生活", "Travel", "天气", "教育"];

pub(super) const ENGLISH: [&str; 10] = [
    "The harbour office keeps a list of every boat that has come in since the spring.",
    "Nobody expected the footbridge to open before the storms of late autumn.",
    "Two of the three pumps were replaced, and the last one follows in May.",
    "On foot it takes nine minutes from the market to the lighthouse.",
    "The tide table on the wall is older than most of the fishermen.",
    "Most of the money goes into pipes that no visitor will ever see.",
    "A small exhibition shows how the salt works looked a century ago.",
    "When the wind turns north, the ferry stays in port.",
    "The council asked three schools to draw the new benches.",
    "What remains of the old wall is now part of the library.",
];

/// Each has one misspelled word.
pub(super) const WRONG_ENGLISH: [&str; 3] = [
    "Residents will recieve a letter before the road is closed.",
    "The goverment pays for half of the work.",
    "It is definately the longest pier on this coast.",
];
